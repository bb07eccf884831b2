import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { IMAGES, run, tryRun } from '../lab';

const BIN = join(IMAGES, '..', 'bin');

/** SOPS with an age key of its own, in a folder that is gone afterwards. */
export class Sops {
  private readonly folder = mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-sops-'));
  private readonly env = { SOPS_AGE_KEY_FILE: join(this.folder, 'key.txt') };

  /** Builds the programs if they are missing, and makes a key. */
  static async start(): Promise<Sops> {
    if (!existsSync(join(BIN, 'sops'))) await run(join(__dirname, 'build-sops'), [], { seconds: 1200 });
    const sops = new Sops();
    await run(join(BIN, 'age-keygen'), ['-o', join(sops.folder, 'key.txt')]);
    const recipient = /age1\w+/.exec(readFileSync(join(sops.folder, 'key.txt'), 'utf8'))?.[0];
    // As docs/sops.md has it.
    const rule = { path_regex: '.*', encrypted_regex: '^(data|stringData)$', age: recipient };
    writeFileSync(join(sops.folder, '.sops.yaml'), JSON.stringify({ creation_rules: [rule] }));
    return sops;
  }

  /** A file with objects that SOPS encrypted. */
  async encrypted(objects: readonly object[]): Promise<string> {
    const file = join(this.folder, 'secrets.yaml');
    // JSON is YAML.
    writeFileSync(file, objects.map((object) => JSON.stringify(object)).join('\n---\n'));
    await run(join(BIN, 'sops'), ['encrypt', '--in-place', file], { cwd: this.folder });
    return file;
  }

  readonly decrypted = (file: string) => run(join(BIN, 'sops'), ['decrypt', file], { env: this.env });

  /** The same where it may fail. */
  readonly tryDecrypt = (file: string) => tryRun(join(BIN, 'sops'), ['decrypt', file], { env: this.env });

  stop(): void {
    rmSync(this.folder, { recursive: true });
  }
}
