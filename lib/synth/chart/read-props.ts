import { usesProvider } from '../../components/secrets/provider';
import { defineEnvironment } from '../../environment/define';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { isRecord } from '../../input/is-record';
import { EnvironmentError, formatUnlocated, type Issue, type LocatedIssue, violatedChecks } from '../../input/issue';
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
  const { environment, issues, warnings } = defineEnvironment(keys);
  const reading = readSealedSecrets(sealedSecrets, SEALED);
  const sealed = usesSealed(environment)
    ? checkSealed({ reading, certificates: [], file: SEALED, environment, known: environment, seal: sealHint })
    : { issues: reading.issues, warnings: [] };
  if (!environment || issues.length + sealed.issues.length > 0) {
    throw new EnvironmentError([...issues, ...sealed.issues.map(ofText)]);
  }
  return new ChartSource({
    environment,
    programs: programs ?? readPrograms(),
    sealedSecrets: reading.secrets,
    userObjects: objects.map((manifest) => ({ manifest })),
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

/** What the compiler refuses in TypeScript. */
function misuses(props: unknown): Issue[] {
  if (!isRecord(props)) return [{ path: [], message: 'is not a map of keys (pass { database: …, artifacts: … })' }];
  const { sealedSecrets = '', objects = [], programs = {}, warn = () => undefined } = props;
  return violatedChecks([
    {
      path: ['sealedSecrets'],
      violated: typeof sealedSecrets !== 'string',
      message: 'is not a text (pass what sealed-secrets.yaml contains)',
    },
    { path: ['objects'], violated: !Array.isArray(objects), message: 'is not a list (pass [object, …])' },
    { path: ['programs'], violated: !isRecord(programs), message: 'is not a map (pass what readPrograms returns)' },
    { path: ['warn'], violated: typeof warn !== 'function', message: 'is not a function (pass (line) => …)' },
  ]);
}
