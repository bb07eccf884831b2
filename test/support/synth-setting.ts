import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { command, contentsOf, temporaryFolder } from './support';
import { writeIn } from './write-in';

/** What every environment needs, as a file. */
export const YAML = 'database:\n  host: postgres\nartifacts:\n  s3:\n    bucket: artifacts\n';

/** A new folder for each test of a file, with environments and their output. */
export class SynthSetting {
  /** The folder of the test that runs. */
  folder = '';

  constructor() {
    beforeEach(() => {
      this.folder = temporaryFolder();
    });
  }

  /** Writes a file below the folder. */
  readonly write = (path: string, text: string): string => writeIn(this.folder, path, text);

  /** Writes the file of an environment: what every one needs, and more. */
  readonly environment = (name: string, more = '') => this.write(`environments/${name}/environment.yaml`, YAML + more);

  /** Runs `synth` for the environments of the folder. */
  readonly synth = (...more: string[]) =>
    command('synth', ...more, '--environments', join(this.folder, 'environments'), '--out', join(this.folder, 'dist'));

  /** The files of the output with their bytes. */
  readonly dist = () => (existsSync(join(this.folder, 'dist')) ? contentsOf(join(this.folder, 'dist')) : {});
}
