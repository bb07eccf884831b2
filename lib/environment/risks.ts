import type { Risk } from '../components/shared/risks/risk';
import { metadataSecret, variableSecret } from '../components/shared/risks/secrets';
import type { Path } from '../input/issue';
import { isUnlikelyKeyName, secretWithin } from '../input/plain-secrets';
import { ALL } from './contributions';
import { isKeyOfSecret } from './model-tree';
import type { ResolvedEnvironment } from './resolved-environment';

/** What the keys of an environment open. What its patches open is checked in the finished objects. */
export const environmentRisks = (environment: ResolvedEnvironment): Risk[] => [
  ...ALL.flatMap((component) => component.risks?.(environment) ?? []),
  ...secretRisks(environment),
];

/** Secrets in plain text, wherever a text may be: by its form, and by its name where names are free. */
function secretRisks(environment: ResolvedEnvironment): Risk[] {
  return Object.entries(environment).flatMap(([key, value]) =>
    JUDGED_ELSEWHERE.has(key) ? [] : secretsIn(value, [key]),
  );
}

/** Keys whose values are no texts of the file, and patches. */
const JUDGED_ELSEWHERE = new Set(['patches', 'release', 'requiredSecrets', 'generatedSecrets']);

function secretsIn(value: unknown, path: Path): Risk[] {
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value).flatMap(([key, inner]) =>
      secretsIn(inner, [...path, Array.isArray(value) ? Number(key) : key]),
    );
  }
  if (typeof value !== 'string' || path.join('.').startsWith('server.options.')) return [];
  if (isKeyOfSecret(path) && isUnlikelyKeyName(value)) return [{ path, ...VALUE_OF_KEY }];
  const secret = secretOf(path, value);
  if (!secret) return [];
  const what = `contains ${secret}, which everyone can read in git and in the cluster`;
  return [
    {
      path,
      risk: 'plain-secrets',
      what,
      fix:
        path[0] === 'server' && path[1] === 'env'
          ? 'put it into a Secret, which server.envFrom can name'
          : 'put it into a Secret',
    },
  ];
}

/** A key of the model that names a key of a Secret has the value in its place. */
const VALUE_OF_KEY = {
  risk: 'plain-secrets',
  what: 'looks like a secret itself, which everyone could read in git and in the cluster, not like the name of a key of the Secret',
  fix: 'put the value into the Secret, and name its key here',
} as const;

/** The maps of environment variables. */
const VARIABLES = /^(server|auth\.app)\.env\./;

/** The keys whose maps are metadata of objects. */
const METADATA = ['annotations', 'labels', 'alertLabels', 'podAnnotations', 'podLabels'];

function secretOf(path: Path, value: string): string | undefined {
  const name = String(path.at(-1));
  const map = String(path.at(-2));
  if (VARIABLES.test(path.join('.'))) return variableSecret(name, value);
  return METADATA.includes(map) ? metadataSecret(name, value) : secretWithin(value);
}
