/** Variables that `server.env` may not set, because a library would use them in place of what a key of the environment file says. */
export interface ReservedVariables {
  /** Names; those of a prefix end with `*`. */
  readonly names: readonly string[];
  /** What to do instead, as in "use database.host". */
  readonly instead: string;
}

/** What to do instead of setting a variable, or undefined if it may be set. */
export const reservedFor = (name: string, reserved: readonly ReservedVariables[]): string | undefined =>
  reserved.find(({ names }) => namesInclude(names, name))?.instead;

/** Whether a name is one of these, of which those of a prefix end with `*`. */
export const namesInclude = (names: readonly string[], name: string): boolean =>
  names.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each));
