import { usesProvider } from '../../components/secrets/provider';
import { defineEnvironment } from '../../environment/define';
import { knownKeys } from '../../environment/model-tree';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { unknownKey } from '../../environment/unknown-key';
import { EnvironmentError, formatUnlocated, type Issue, type LocatedIssue } from '../../input/issue';
import { readSealedSecrets } from '../../sealed-secrets/file';
import { readPrograms } from '../programs';
import { checkSealed } from '../sealed-secrets';
import { OPTIONS, propMisuses } from './misuses';
import type { MlflowChartProps } from './props';
import { ChartSource } from './source';

/**
 * Reads the props of a chart.
 *
 * @throws EnvironmentError with every issue.
 */
export function readProps(props: MlflowChartProps): ChartSource {
  const misused = propMisuses(props);
  if (misused.length > 0) throw new EnvironmentError(misused);
  const { sealedSecrets = '', objects = [], programs, warn, ...keys } = props;
  const { environment, issues: found, warnings } = defineEnvironment(keys);
  const issues = found.map(ofProp);
  const reading = readSealedSecrets(sealedSecrets, SEALED);
  const sealed = usesSealed(environment)
    ? checkSealed({ reading, certificates: [], file: SEALED, environment, known: environment, seal: sealHint })
    : { issues: reading.issues, warnings: [] };
  if (!environment || issues.length + sealed.issues.length > 0) {
    throw new EnvironmentError([...issues, ...sealed.issues.map((issue) => ofText(issue, sealedSecrets))]);
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
const ofText = ({ path, at, message }: LocatedIssue, text: string): Issue => ({
  path: [SEALED, ...path],
  message: text === '' ? message : `${message} [line ${at.line}]`,
});

const usesSealed = (environment: ResolvedEnvironment | undefined): environment is ResolvedEnvironment =>
  environment !== undefined && usesProvider(environment.secrets, 'sealed');

/** An issue of a key: of one that is unknown, with the keys that the props may have. */
function ofProp(issue: Issue): Issue {
  const [key, ...inner] = issue.path;
  const environmentKeys = knownKeys([]);
  if (typeof key !== 'string' || inner.length > 0 || environmentKeys.includes(key)) return issue;
  const known = [...environmentKeys.filter((each) => each !== 'extends'), ...OPTIONS];
  return { ...issue, message: unknownKey([], key, known) };
}
