import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { EnvironmentInput } from '../../lib/environment/model';
import { readSealedSecrets } from '../../lib/sealed-secrets/file';
import { CERTIFICATE, PAIR } from './sealed-manifest';
import { command, temporaryFolder } from './support';
import { unsealAll } from './unseal';
import { writeIn } from './write-in';

/** An environment with every kind of Secret: stores, logins, a registry, and copies for two namespaces. */
export const LAB: EnvironmentInput = {
  image: { repository: 'registry.example.com:5000/ml/mlflow', tag: '3.1.0-4', pullSecret: 'registry' },
  database: { host: 'postgres' },
  artifacts: { s3: { bucket: 'artifacts' } },
  auth: { users: [{ name: 'notebooks', permission: 'EDIT' }] },
  clients: [
    { namespace: 'jupyterhub', user: 'notebooks' },
    { namespace: 'argo', user: 'notebooks' },
  ],
  secrets: { provider: 'sealed' },
};

/** A folder with one environment, lab, its certificate, and nothing sealed yet. */
export class Setting {
  readonly folder = temporaryFolder();
  readonly environments = join(this.folder, 'environments');
  readonly file = join(this.environments, 'lab', 'sealed-secrets.yaml');
  readonly certificate = join(this.environments, 'lab', 'sealing-certificate.pem');

  constructor(input: EnvironmentInput = LAB, certificate = PAIR.certificate) {
    this.write('environments/lab/environment.yaml', stringify(input));
    this.write('environments/lab/sealing-certificate.pem', certificate);
  }

  /** Writes a file below the folder. */
  write(path: string, text: string | Buffer): string {
    return writeIn(this.folder, path, text);
  }

  /** Runs the command for the environment, in this process. */
  readonly seal = (...given: string[]) => command('seal', 'lab', ...given, '--environments', this.environments);

  /** The same with a variable that holds the value. */
  async sealValue(value: string, ...given: string[]) {
    process.env.SEAL_TEST_VALUE = value;
    try {
      return await this.seal(...given, '--from-env', 'SEAL_TEST_VALUE');
    } finally {
      delete process.env.SEAL_TEST_VALUE;
    }
  }

  get text(): string {
    return existsSync(this.file) ? readFileSync(this.file, 'utf8') : '';
  }

  get mode(): number {
    return statSync(this.file).mode & 0o777;
  }

  /** What the controller would make of the file: texts by `NAMESPACE/NAME KEY`. */
  get opened(): Record<string, string> {
    return Object.fromEntries([...this.openedBytes].map(([place, value]) => [place, value.toString('utf8')]));
  }

  get openedBytes(): Map<string, Buffer> {
    const { secrets, issues } = readSealedSecrets(this.text, 's.yaml', [CERTIFICATE]);
    expect(issues).toEqual([]);
    return new Map(
      secrets.flatMap((secret) =>
        [...unsealAll(secret, PAIR.privateKey)].map(([key, value]): [string, Buffer] => [
          `${secret.namespace}/${secret.name} ${key}`,
          value,
        ]),
      ),
    );
  }
}
