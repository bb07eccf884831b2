import { awsUrl } from '../../components/shared/aws-hosts';
import { GCS_URL, TOKENS_URL } from '../../components/shared/gcs-store';

/** The variables of a container that have a value. */
type Variables = Readonly<Record<string, string>>;

/** A host that a program knows by itself, unless a setting names another. */
interface BuiltIn {
  /** What a setting, as `NAME=VALUE` or an argument, looks like if the program calls it. */
  readonly used: RegExp;
  /** Variables that name another host. */
  readonly instead: readonly string[];
  /** Undefined if its region is not in the output. */
  readonly url: (variables: Variables) => string | undefined;
}

/** The hosts of clouds, by the schemes of their stores and the settings of our programs. */
const BUILT_IN: readonly BuiltIn[] = [
  {
    used: /(^|[=\s])s3:\/\/|^(BACKUP_ARTIFACTS|PREPARE)_BUCKET=/,
    instead: ['MLFLOW_S3_ENDPOINT_URL'],
    url: ({ AWS_DEFAULT_REGION: region }) => region && awsUrl('s3', region),
  },
  {
    used: /^BACKUP_BUCKET=/,
    instead: ['BACKUP_S3_ENDPOINT_URL'],
    url: ({ BACKUP_AWS_DEFAULT_REGION: region }) => region && awsUrl('s3', region),
  },
  {
    used: /^AWS_ROLE_ARN=/,
    instead: ['AWS_ENDPOINT_URL_STS'],
    url: ({ AWS_DEFAULT_REGION, BACKUP_AWS_DEFAULT_REGION: region = AWS_DEFAULT_REGION }) =>
      region && awsUrl('sts', region),
  },
  {
    used: /(^|[=\s])gs:\/\/|^(BACKUP_ARTIFACTS|PREPARE)_GCS_BUCKET=/,
    instead: ['API_ENDPOINT_OVERRIDE', 'BACKUP_ARTIFACTS_GCS_ENDPOINT'],
    url: () => GCS_URL,
  },
  { used: /^BACKUP_GCS_BUCKET=/, instead: ['BACKUP_GCS_ENDPOINT'], url: () => GCS_URL },
  { used: /^(GOOGLE_APPLICATION_CREDENTIALS|BACKUP_\w*GCS_KEY_FILE)=/, instead: [], url: () => TOKENS_URL },
];

/**
 * URLs of the hosts that the programs of a container know by themselves: those of clouds.
 *
 * @param settings its variables, as `NAME=VALUE`, and its arguments
 */
export function builtInUrls(settings: readonly string[], variables: Variables): string[] {
  return BUILT_IN.filter(
    ({ used, instead }) =>
      settings.some((setting) => used.test(setting)) && !instead.some((name) => variables[name] !== undefined),
  ).flatMap(({ url }) => url(variables) ?? []);
}
