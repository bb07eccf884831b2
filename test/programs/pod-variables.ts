import { usesBasicAuth } from '../../lib/components/auth/login';
import { ARTIFACTS_PATH } from '../../lib/components/shared/constants';
import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import type { Variable } from '../../lib/kubernetes/variables';
import type { Lab } from './lab';
import { virtualEnvironment } from './tools';

/** What a container of a pod gets here: its variables with the values of Secrets, and its packages. */

export const administrator = ['admin', 'the administrator: p%ss'] as const;

/** By which the server knows the proxy in front of it. */
export const proxyPassword = 'the password: of the pr%xy';

/** The value of each Secret that the variables of an authentication app name. */
export const appSecret = 'a secret: of the %app, with 32 characters';

/** The login of a user that the environment declares, as the Secret has it. */
export const loginOf = (name: string): readonly [string, string] => [name, `${name}: p@ss%word`];

/** What stands for the image: the packages of the release, with those of an authentication app or a store. */
export function imageOf({ auth, artifacts, backup, release: { version } }: ResolvedEnvironment): string {
  if (auth.app) return 'oidc-auth';
  const { destination } = backup ?? {};
  if (artifacts.azure || destination?.azure) return `azure-${version}`;
  return artifacts.gcs || destination?.gcs ? `gcs-${version}` : version;
}

/** What differs from a pod: paths, and where this machine has the programs. */
export function here(
  lab: Lab,
  environment: ResolvedEnvironment,
  variables: readonly Variable[],
  ini: string,
): Record<string, string> {
  return {
    ...onVolume(lab, asTheKubelet(variables, secretsOf(lab, environment))),
    PATH: `${virtualEnvironment(imageOf(environment))}:${process.env.PATH}`,
    HOME: lab.folder,
    TMPDIR: lab.folder,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...lab.inPods,
    ...(usesBasicAuth(environment.auth) ? { MLFLOW_AUTH_CONFIG_PATH: ini } : {}),
  };
}

const onVolume = (lab: Lab, variables: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [
      name,
      lab.files[value] ?? (value.startsWith(ARTIFACTS_PATH) ? value.replace(ARTIFACTS_PATH, lab.volume) : value),
    ]),
  );

/** What the kubelet makes of variables: values of Secrets, and other variables in the place of `$(NAME)`. */
function asTheKubelet(variables: readonly Variable[], secrets: Readonly<Record<string, string>>) {
  const environment: Record<string, string> = {};
  for (const variable of variables) {
    const source = 'secret' in variable ? variable.secret : 'configMap' in variable ? variable.configMap : '';
    const value = 'value' in variable ? variable.value : secrets[`${source}/${variable.key}`];
    if (value === undefined && 'optional' in variable && variable.optional) continue;
    if (value === undefined) throw new Error(`no value for ${variable.name}`);
    environment[variable.name] =
      'value' in variable ? value.replace(/\$\((\w+)\)/g, (text, name: string) => environment[name] ?? text) : value;
  }
  return environment;
}

function secretsOf(lab: Lab, { database, artifacts, auth, backup }: ResolvedEnvironment): Record<string, string> {
  const { PGUSER = '', PGPASSWORD = '' } = lab.env('3.18.0');
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = lab.store.credentials;
  const s3 = artifacts.s3?.credentials;
  const copies = backup?.destination.s3?.credentials;
  return {
    [`${database.credentials.secret}/${database.credentials.usernameKey}`]: PGUSER,
    [`${database.credentials.secret}/${database.credentials.passwordKey}`]: PGPASSWORD,
    ...(s3
      ? {
          [`${s3.secret}/${s3.accessKeyIdKey}`]: AWS_ACCESS_KEY_ID,
          [`${s3.secret}/${s3.secretAccessKeyKey}`]: AWS_SECRET_ACCESS_KEY,
        }
      : {}),
    ...(copies
      ? {
          [`${copies.secret}/${copies.accessKeyIdKey}`]: AWS_ACCESS_KEY_ID,
          [`${copies.secret}/${copies.secretAccessKeyKey}`]: AWS_SECRET_ACCESS_KEY,
        }
      : {}),
    ...lab.secrets,
    [`${auth.secret}/${auth.usernameKey}`]: administrator[0],
    [`${auth.secret}/${auth.passwordKey}`]: administrator[1],
    [`${auth.secret}/${auth.flaskSecretKeyKey}`]: 'any long random text',
    [`${auth.secret}/${auth.webhookEncryptionKeyKey}`]: `${'webhooks'.repeat(5)}key=`,
    ...(auth.oidc
      ? {
          [`${auth.oidc.proxySecret}/${auth.oidc.cookieSecretKey}`]: 'a cookie secret of 32 characters',
          [`${auth.oidc.proxySecret}/${auth.oidc.proxyPasswordKey}`]: proxyPassword,
        }
      : {}),
    ...(auth.app?.login
      ? {
          [`${auth.app.login.secret}/${auth.app.login.usernameKey}`]: '',
          [`${auth.app.login.secret}/${auth.app.login.passwordKey}`]: '',
        }
      : {}),
    ...Object.fromEntries(
      Object.values(auth.app?.envReferences ?? {}).map(({ secret, key }) => [`${secret}/${key}`, appSecret]),
    ),
    ...Object.fromEntries(
      auth.users.flatMap(({ name, secret, usernameKey, passwordKey }) => [
        [`${secret}/${usernameKey}`, name],
        [`${secret}/${passwordKey}`, loginOf(name)[1]],
      ]),
    ),
  };
}
