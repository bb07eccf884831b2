import type { Issue, LocatedIssue, Path, Position } from '../../../input/issue';
import type { SealedSecret } from '../../../sealed-secrets/sealed-secret';
import { type RequiredSecret, sourceOf } from '../../shared/contributions/secret-keys';
import type { Secrets } from '../resolve';

/** What the sealed Secrets of an environment are checked against. */
export interface SealedContext {
  /** The command that seals a Secret of this environment, or one key of it, as a user types it. */
  seal(...named: readonly string[]): string;
  /** The file that contains the SealedSecrets. */
  readonly file: string;
  readonly environment: {
    readonly namespace: { readonly name: string };
    readonly clients: readonly { readonly namespace: string }[];
    readonly secrets: Secrets;
    readonly requiredSecrets: readonly RequiredSecret[];
  };
}

/** Differences between the SealedSecrets of a file and those that the environment needs. */
export function sealedIssues(secrets: readonly SealedSecret[], context: SealedContext): LocatedIssue[] {
  return [
    ...secrets.flatMap((secret) => placementIssues(secret, context)),
    ...context.environment.requiredSecrets
      .filter(isSealed)
      .flatMap((required) => requirementIssues(required, secrets, context)),
  ];
}

const isSealed = ({ provider }: RequiredSecret): boolean => provider === 'sealed';

/** A SealedSecret of a Secret that another provider creates, in a namespace that this instance does not use, or with another scope than the environment's. */
function placementIssues(secret: SealedSecret, { environment }: SealedContext): LocatedIssue[] {
  const { at, namespace, name, scope } = secret;
  const { requiredSecrets, secrets } = environment;
  const wanted = requiredSecrets.filter((required) => required.name === name).map((required) => required.namespace);
  const path: Path = ['metadata', 'namespace'];
  if (isMisplaced(secret, environment)) {
    const right = wanted[0] ? `seal it for ${wanted[0]}` : 'remove this SealedSecret, or add the namespace to clients';
    return [issue(at, path, `is ${namespace}, a namespace that this environment does not use (${right})`)];
  }
  if (namespace !== environment.namespace.name && !wanted.includes(namespace)) {
    const message = `is ${name}, a Secret that no entry of clients copies to ${namespace} (remove this SealedSecret, or set user of the client)`;
    return [issue(at, ['metadata', 'name'], message)];
  }
  const other = requiredSecrets.find((required) => required.namespace === namespace && required.name === name);
  if (other && !isSealed(other)) {
    const message = `is ${name}, a Secret with the provider ${other.provider} (remove this SealedSecret, or set secrets.overrides.${sourceOf(other)}.provider: sealed)`;
    return [issue(at, ['metadata', 'name'], message)];
  }
  if (scope === secrets.sealed.scope) return [];
  return [
    issue(
      at,
      ['metadata', 'annotations'],
      `are ${scope}, but secrets.sealed.scope is ${secrets.sealed.scope} (remove this SealedSecret and re-seal it, or change the setting)`,
    ),
  ];
}

const isMisplaced = ({ namespace }: SealedSecret, environment: SealedContext['environment']): boolean =>
  namespace !== environment.namespace.name && !environment.clients.some((client) => client.namespace === namespace);

/** What is missing of a Secret that the environment names. */
function requirementIssues(
  required: RequiredSecret,
  secrets: readonly SealedSecret[],
  { seal, file, environment }: SealedContext,
): LocatedIssue[] {
  const { namespace, name, type, keys } = required;
  const found = secrets.find((secret) => secret.namespace === namespace && secret.name === name);
  const names = [...new Set(keys.filter(({ optional }) => !optional).map(({ key }) => key))];
  // Without the namespace, the name could be of Secrets in two namespaces.
  const isClient = namespace !== environment.namespace.name;
  const called = isClient ? `${namespace}/${name}` : name;
  // A SealedSecret in the wrong namespace has an issue of its own, which names the right one.
  if (!found && secrets.some((secret) => secret.name === name && isMisplaced(secret, environment))) return [];
  // Pods start without a Secret of optional keys alone.
  if (!found && names.length === 0) return [];
  if (!found) {
    const message = `SealedSecret ${namespace}/${name} is missing, with keys ${names.join(', ')} (${seal(called)})`;
    return [issue({ file, line: 1, column: 1 }, [], message)];
  }
  const { at, encryptedData, template } = found;
  const given = template.type?.value ?? 'Opaque';
  return [
    ...[...new Set(keys.map(({ key }) => key))].flatMap((key) => templateIssues(found, key)),
    ...names
      .filter((key) => !encryptedData.has(key) && !template.data.has(key))
      .map((key) =>
        issue(
          at,
          ['spec', 'encryptedData', key],
          `is missing in SealedSecret ${namespace}/${name} (${seal(called, key)})`,
        ),
      ),
    ...(given === type
      ? []
      : [
          issue(
            template.type?.at ?? at,
            ['spec', 'template', 'type'],
            `is ${given}, but Secret ${name} must be of type ${type} (change it)`,
          ),
        ]),
  ];
}

/**
 * A key that a template of the controller creates. Without a sealed value in it, it is plain text in git; with a
 * missing one, it is `<no value>` in the cluster. If the same key is also sealed, releases of the controller differ in
 * which of the two they use.
 */
export function templateIssues({ encryptedData, template }: SealedSecret, key: string): LocatedIssue[] {
  const text = template.data.get(key);
  if (!text) return [];
  const path = ['spec', 'template', 'data', key];
  if (encryptedData.has(key)) return [issue(text.at, path, 'is sealed too (remove one of the two)')];
  const references = [...text.value.matchAll(/\{\{[^}]*?(?:\.([A-Za-z_]\w*)|index \. "([^"]+)")/g)].map(
    ([, name, quoted]) => name ?? quoted ?? '',
  );
  if (references.length === 0)
    return [issue(text.at, path, 'is plain text (change the value, because git contains it, and seal the new one)')];
  return references
    .filter((name) => !encryptedData.has(name) && !template.data.has(name))
    .map((name) =>
      issue(text.at, path, `refers to ${name}, which this SealedSecret does not contain (seal it under that key)`),
    );
}

/** Texts of templates under keys that the environment does not name, which are written to the output as they are. */
export function plainTexts(
  secrets: readonly SealedSecret[],
  { requiredSecrets }: SealedContext['environment'],
): { readonly secret: SealedSecret; readonly key: string; readonly at: Position }[] {
  return secrets.flatMap((secret) => {
    const required = requiredSecrets.find(
      ({ namespace, name }) => namespace === secret.namespace && name === secret.name,
    );
    return [...secret.template.data]
      .filter(([key, { value }]) => !required?.keys.some((each) => each.key === key) && !value.includes('{{'))
      .map(([key, { at }]) => ({ secret, key, at }));
  });
}

/** Optional keys that are not sealed, and that pods should have. */
export function unsealedOptional(
  secrets: readonly SealedSecret[],
  { seal, environment }: Pick<SealedContext, 'seal' | 'environment'>,
): Issue[] {
  return environment.requiredSecrets.filter(isSealed).flatMap(({ namespace, name, keys }) => {
    const found = secrets.find((secret) => secret.namespace === namespace && secret.name === name);
    const hasValue = (key: string) => found?.encryptedData.has(key) || found?.template.data.has(key);
    // A missing SealedSecret is an issue of its own, unless all of it is optional.
    if (!found && keys.some(({ optional }) => !optional)) return [];
    return keys
      .filter(({ key, optional }) => optional?.without && !hasValue(key))
      .map(({ key, optional }) => ({
        path: ['secrets', 'provider'],
        message: `provides no ${key} in Secret ${name}, so ${optional?.without} (${seal(name, key, '--generate')})`,
      }));
  });
}

const issue = (at: Position, path: Path, message: string): LocatedIssue => ({ at, path, message });
