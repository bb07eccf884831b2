import type { Environment, Result } from './process';

/** What programs say. */

/** Fails if a program said a secret of its environment, or the hash of a password. */
export function refuseSecrets(said: string, env: Environment): void {
  const secrets =
    /^(PGPASSWORD|PREPARE_(ADMIN|USER_\d+)_PASSWORD|(BACKUP_(ARTIFACTS_)?)?(AWS_SECRET|AZURE_STORAGE)_ACCESS_KEY|AWS_SESSION_TOKEN)$/;
  for (const name of Object.keys(env).filter((each) => secrets.test(each))) {
    const secret = env[name]?.trim();
    if (secret && (said.includes(secret) || said.includes(JSON.stringify(secret).slice(1, -1)))) {
      throw new Error(`the output holds the value of ${name}:\n${said}`);
    }
  }
  if (/scrypt:|pbkdf2:/.test(said)) throw new Error(`the output holds a password hash:\n${said}`);
}

/** What a Python program of ours has to say, among what libraries print. */
export function marked(result: Result): string {
  const line = /^RESULT (.*)$/m.exec(result.stdout)?.[1];
  if (line === undefined) throw new Error(`no result:\n${result.stdout}${result.stderr}`);
  return line;
}
