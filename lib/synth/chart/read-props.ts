import { usesProvider } from '../../components/secrets/provider';
import { defineEnvironment } from '../../environment/define';
import { knownKeys } from '../../environment/model-tree';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { unknownKey } from '../../environment/unknown-key';
import { isRecord } from '../../input/is-record';
import {
  type Check,
  EnvironmentError,
  formatUnlocated,
  type Issue,
  type LocatedIssue,
  violatedChecks,
} from '../../input/issue';
import { readSealedSecrets } from '../../sealed-secrets/file';
import { readPrograms } from '../programs';
import { checkSealed } from '../sealed-secrets';
import type { MlflowChartProps } from './props';
import { ChartSource } from './source';

/**
 * Reads the props of a chart.
 *
 * @throws EnvironmentError with every issue.
 */
export function readProps(props: MlflowChartProps): ChartSource {
  const misused = misuses(props);
  if (misused.length > 0) throw new EnvironmentError(misused);
  const { sealedSecrets = '', objects = [], programs, warn, ...keys } = props;
  const { environment, issues: found, warnings } = defineEnvironment(keys);
  const issues = found.map(ofProp);
  const reading = readSealedSecrets(sealedSecrets, SEALED);
  const sealed = usesSealed(environment)
    ? checkSealed({ reading, certificates: [], file: SEALED, environment, known: environment, seal: sealHint })
    : { issues: reading.issues, warnings: [] };
  if (!environment || issues.length + sealed.issues.length > 0) {
    throw new EnvironmentError([...issues, ...sealed.issues.map(ofText)]);
  }
  // What becomes of the user's own objects later would not be checked.
  const userObjects = objects.map((manifest) => ({ manifest: structuredClone(manifest) }));
  return new ChartSource({
    environment,
    programs: programs ?? readPrograms(),
    sealedSecrets: reading.secrets,
    userObjects,
    sopsSecrets: [],
    warnings: [...warnings, ...sealed.warnings].map(formatUnlocated),
    line: formatUnlocated,
    warn,
  });
}

/** What issues call the text of the SealedSecrets. */
const SEALED = 'sealedSecrets';

const sealHint = (): string => 'seal it with kubeseal, or with sealInto of cdk8s-mlflow/sealed-secrets';

/** An issue of the text of the SealedSecrets, which is in no file. */
const ofText = ({ path, at, message }: LocatedIssue): Issue => ({
  path: [SEALED, ...path],
  message: `${message} [line ${at.line}]`,
});

const usesSealed = (environment: ResolvedEnvironment | undefined): environment is ResolvedEnvironment =>
  environment !== undefined && usesProvider(environment.secrets, 'sealed');

const OPTIONS = ['sealedSecrets', 'objects', 'programs', 'warn'] satisfies (keyof MlflowChartProps)[];

/** An issue of a key: of one that is unknown, with the keys that the props may have. */
function ofProp(issue: Issue): Issue {
  const [key, ...inner] = issue.path;
  const environmentKeys = knownKeys([]);
  if (typeof key !== 'string' || inner.length > 0 || environmentKeys.includes(key)) return issue;
  const known = [...environmentKeys.filter((each) => each !== 'extends'), ...OPTIONS];
  return { ...issue, message: unknownKey([], key, known) };
}

/** What the compiler refuses in TypeScript. */
function misuses(props: unknown): Issue[] {
  if (!isRecord(props)) return [{ path: [], message: 'is not a map of keys (pass { database: …, artifacts: … })' }];
  const { sealedSecrets = '', objects = [], programs, warn = () => undefined } = props;
  return violatedChecks([
    {
      path: ['sealedSecrets'],
      violated: typeof sealedSecrets !== 'string',
      message: 'is not a text (pass what sealed-secrets.yaml contains)',
    },
    { path: ['objects'], violated: !Array.isArray(objects), message: 'is not a list (pass [object, …])' },
    {
      path: ['programs'],
      violated: programs !== undefined && !isRecord(programs),
      message: 'is not a map (pass what readPrograms returns)',
    },
    ...missingPrograms(programs),
    ...(Array.isArray(objects) ? objects.flatMap(notPlain) : []),
    { path: ['warn'], violated: typeof warn !== 'function', message: 'is not a function (pass (line) => …)' },
  ]);
}

function missingPrograms(programs: unknown): Check[] {
  if (!isRecord(programs) || Array.isArray(programs)) return [];
  return Object.keys(readPrograms())
    .filter((path) => typeof programs[path] !== 'string')
    .slice(0, 1)
    .map((path) => ({ path: ['programs'], violated: true, message: `lacks ${path} (pass what readPrograms returns)` }));
}

/** Of an object that is not plain data, that it is not. */
function notPlain(object: unknown, index: number): Check[] {
  try {
    JSON.stringify(structuredClone(object));
    return [];
  } catch (error) {
    const [reason] = (error as Error).message.split('\n');
    const message = `cannot be written as JSON: ${reason} (pass plain data)`;
    return [{ path: ['objects', index], violated: true, message }];
  }
}
