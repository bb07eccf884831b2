import { type ValueSetting, valueIssues, valueWarnings } from '../../components/secrets/values';
import type { SecretReader } from '../../components/shared/contributions/secret-keys';
import { type RegistryLogin, registryCredentials, registryOf } from '../../kubernetes/registry-credentials';
import { describeKey, type ValueToSeal } from './selection';
import type { Terminal } from './terminal';

/** The name of each value in a prompt, and whether the input is shown. */
const QUESTIONS: Readonly<Record<Exclude<SecretReader, 'registry-credentials'>, { what: string; visible?: boolean }>> =
  {
    'database-username': { what: "PostgreSQL's user", visible: true },
    'database-password': { what: "PostgreSQL's password" },
    's3-access-key-id': { what: 'access key id of the object store' },
    's3-secret-access-key': { what: 'secret access key of the object store' },
    'google-key-file': { what: 'the JSON key file of a service account in one line; --from-file reads it as it is' },
    'azure-account-key': { what: 'account key of Azure Blob Storage' },
    'azure-sas': { what: 'SAS of the container: what follows the ? of its URL' },
    'mlflow-username': { what: "the administrator's name", visible: true },
    'mlflow-password': { what: 'a password for MLflow' },
    'flask-secret-key': { what: 'any long random text' },
    'webhook-encryption-key': { what: '32 random bytes as URL-safe base64; --generate creates it' },
    'gateway-passphrase': { what: 'any long random text' },
    'oidc-client-secret': { what: 'the secret that the OpenID provider issued for the client' },
    'cookie-secret': { what: '32 random letters and digits; --generate creates it' },
    'proxy-password': { what: 'any long random text' },
  };

/** Prompts for a value until it is valid for the program that reads it. */
export async function askValue(terminal: Terminal, wanted: ValueToSeal, setting: ValueSetting): Promise<Buffer> {
  const { origin, targets, isCopyOnly } = wanted;
  if (isCopyOnly) terminal.say(copyNote(wanted));
  for (;;) {
    const value = await askOnce(terminal, wanted, setting);
    if (!value) continue;
    const issues = valueIssues(value, origin.key, setting);
    for (const issue of issues) terminal.say(`${targets.map(describeKey).join(', ')}: ${issue}`);
    if (issues.length === 0) {
      for (const warning of valueWarnings(value, origin.key)) terminal.say(`warning: it ${warning}`);
      return value;
    }
    value.fill(0);
  }
}

/** A note if only a copy is sealed. */
export const copyNote = ({ origin, targets }: ValueToSeal): string =>
  `${targets.map(describeKey).join(', ')}: must be the same as ${describeKey(origin)}, which is already sealed`;

/** A value, or undefined if the two inputs differ. */
async function askOnce(
  terminal: Terminal,
  { origin, targets: [first] }: ValueToSeal,
  setting: ValueSetting,
): Promise<Buffer | undefined> {
  const { reader } = origin.key;
  const label = describeKey(first ?? origin);
  if (reader === 'registry-credentials') return askRegistry(terminal, label, registryOf(setting.image.reference));
  const { what, visible } = QUESTIONS[reader];
  const question = `${label} (${what}): `;
  return visible ? terminal.ask(question, { visible }) : askTwice(terminal, question);
}

async function askTwice(terminal: Terminal, question: string): Promise<Buffer | undefined> {
  const value = await terminal.ask(question);
  if (value.length === 0) return value;
  const again = await terminal.ask('  once more: ');
  const isSame = value.equals(again);
  again.fill(0);
  if (isSame) return value;
  value.fill(0);
  terminal.say('the two do not match (try again)');
  return undefined;
}

async function askRegistry(terminal: Terminal, label: string, registry: string): Promise<Buffer | undefined> {
  const visible = { visible: true };
  const server = String(await terminal.ask(`${label} (registry; empty for ${registry}): `, visible)) || registry;
  const username = String(await terminal.ask('  user: ', visible));
  const password = await askTwice(terminal, '  password: ');
  if (!password) return undefined;
  const login: RegistryLogin = { server, username, password: String(password) };
  password.fill(0);
  const issue = loginIssue(login);
  if (issue === undefined) return Buffer.from(registryCredentials(login));
  terminal.say(issue);
  return undefined;
}

function loginIssue({ username, password }: RegistryLogin): string | undefined {
  if (username === '' || password === '') return 'user or password is empty (enter both)';
  if (username.includes(':'))
    return 'the user contains a colon, which separates user and password (use a name without one)';
  return [username, password].some((text) => text.includes('\ufffd')) ? 'is not valid UTF-8 (try again)' : undefined;
}
