import { isGenerated } from '../../components/secrets/generated/generated';
import { sourceOf } from '../../components/shared/contributions/secret-keys';
import { describeManifest, type Manifest } from '../manifest';
import type { Rule, Violation } from './rule';

/** A Secret that a controller creates from an object of the output, and its keys. */
interface MadeSecret {
  readonly name: string;
  /** Undefined if only the external system knows them. */
  readonly keys: readonly string[] | undefined;
  /** Whether another object must create the Secret, which only gets further keys. @default false */
  readonly onlyAdds?: boolean;
}

/** Each Secret has one source. */
export const oneSourcePerSecret: Rule = {
  name: 'one-source-per-secret',
  reason: 'two controllers overwrite the values of each other, or one refuses a Secret of the other',
  patched: 'issue',
  anyKind: true,
  check: (objects, environment, _unpatched, added) => {
    const sources = new Map<string, Manifest>();
    return objects.flatMap((object): Violation[] => {
      const made = secretMadeBy(object);
      if (!made || made.onlyAdds) return [];
      const { namespace } = object.metadata;
      const id = `${namespace}/${made.name}`;
      const first = sources.get(id);
      sources.set(id, first ?? object);
      const required = environment.requiredSecrets.find(
        (secret) => secret.namespace === namespace && secret.name === made.name,
      );
      const byJob = required !== undefined && isGenerated(required, environment);
      const applied = added.secrets.find((secret) => secret.namespace === namespace && secret.name === made.name);
      if (!first && !byJob && !applied) return [];
      const other = byJob ? 'a Job' : (applied?.file ?? describeManifest(first ?? object));
      const isOurs = byJob || required?.provider === 'sealed' || required?.provider === 'external';
      const own = `, or set secrets.overrides.${required && sourceOf(required)}.provider: existing for one of your own`;
      const fix = `keep one${isOurs ? own : ''}`;
      return [
        { object, others: first ? [first] : [], message: `creates Secret ${made.name}, as ${other} does (${fix})` },
      ];
    });
  },
};

/** The Secret that a controller or an operator creates from an object. */
export function secretMadeBy({ kind, metadata: { name }, spec }: Manifest): MadeSecret | undefined {
  if (kind === 'SealedSecret') {
    const { encryptedData = {}, template } = (spec ?? {}) as SealedSpec;
    return { name, keys: [...Object.keys(encryptedData), ...Object.keys(template?.data ?? {})] };
  }
  if (kind === 'Certificate') {
    const { secretName } = (spec ?? {}) as { readonly secretName?: string };
    return secretName ? { name: secretName, keys: ['tls.crt', 'tls.key', 'ca.crt'] } : undefined;
  }
  if (kind !== 'ExternalSecret') return undefined;
  const { data = [], dataFrom = [], target } = (spec ?? {}) as ExternalSpec;
  const keys = [...data.map(({ secretKey }) => secretKey), ...Object.keys(target?.template?.data ?? {})];
  const isOpen = dataFrom.length > 0 || target?.template?.templateFrom !== undefined;
  return { name: target?.name ?? name, keys: isOpen ? undefined : keys, onlyAdds: target?.creationPolicy === 'Merge' };
}

interface SealedSpec {
  readonly encryptedData?: object;
  readonly template?: { readonly data?: object };
}

interface ExternalSpec {
  readonly data?: readonly { readonly secretKey: string }[];
  readonly dataFrom?: readonly unknown[];
  readonly target?: {
    readonly name?: string;
    readonly creationPolicy?: string;
    readonly template?: { readonly data?: object; readonly templateFrom?: unknown };
  };
}
