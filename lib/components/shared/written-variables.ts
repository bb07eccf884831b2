/** A variable whose value is in an object. */
export interface VariableReference {
  readonly secret?: string;
  readonly configMap?: string;
  readonly key: string;
}

type Written = Readonly<Record<string, string | VariableReference>>;

/** The variables of a map such as `server.env` whose values are written there. */
export const writtenVariables = (env: Written): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : [])),
  );

/** The variables of a map such as `server.env` whose values are in objects. */
export const referringVariables = (env: Written): Readonly<Record<string, VariableReference>> =>
  Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (typeof value === 'string' ? [] : [[name, value] as const])),
  );
