import { dataKey, objectName } from '../../../kubernetes/fields';
import { section } from './fields';

/**
 * A Secret with a username and a password: the derived default of its name, as Markdown, and a note on the password.
 */
export interface CredentialDefaults {
  readonly secret: string;
  /** A sentence about the password. @default none */
  readonly passwordNote?: string;
}

/** A username and a password from a Secret. */
export const credentials = ({ secret, passwordNote }: CredentialDefaults) =>
  section({
    secret: objectName().optional().meta({ description: 'Secret in the namespace.', derived: secret }),
    usernameKey: dataKey().default('username').describe('Key of the Secret that contains the username.'),
    passwordKey: dataKey()
      .default('password')
      .describe(`Key of the Secret that contains the password.${passwordNote ? ` ${passwordNote}` : ''}`),
  });

/** Keys of a Secret with a login to MLflow, and what the texts call its user. */
export const loginKeys = (user: string) => ({
  usernameKey: dataKey()
    .default('MLFLOW_TRACKING_USERNAME')
    .describe(`Key of the Secret that contains the username of ${user}.`),
  passwordKey: dataKey()
    .default('MLFLOW_TRACKING_PASSWORD')
    .describe(
      `Key of the Secret that contains the password of ${user}, at least 12 characters. A new password takes effect when a pod starts.`,
    ),
});
