import type { EnvironmentInput } from '../../lib/environment/model';
import { renderFile } from '../../lib/synth/output/render';
import { sampleSize } from '../support/sample-size';
import { isRecord } from '../support/support';
import { composed, sample } from './sample';

const INPUTS = sample.inputs.slice(0, sampleSize(6, 50));

describe('the same bytes', () => {
  const texts = (input: EnvironmentInput) => {
    const { files } = composed(input);
    return files.map((file) => renderFile('random', file));
  };
  const shuffled = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(shuffled);
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, inner]) => [key, shuffled(inner)]),
    );
  };

  test('come from the same environment, whatever the process environment', () => {
    const kept = { ...process.env };
    const first = INPUTS.map(texts);
    try {
      Object.assign(process.env, {
        CDK8S_DISABLE_SORT: '1',
        CDK8S_LEGACY_HASH: '1',
        CDK8S_RECORD_CONSTRUCT_METADATA: 'true',
        CDK8S_OUTDIR: '/nowhere',
        TZ: 'Asia/Kathmandu',
        LANG: 'tr_TR.UTF-8',
        LC_ALL: 'tr_TR.UTF-8',
      });
      expect(INPUTS.map(texts)).toEqual(first);
    } finally {
      for (const name of Object.keys(process.env)) if (!(name in kept)) delete process.env[name];
      Object.assign(process.env, kept);
    }
  });

  test('come from the same environment with its keys in another order, except where the order of keys matters', () => {
    // The order of variables and of options is the person's: a later one may refer to an earlier.
    const ordered = ({ server, auth, ...rest }: EnvironmentInput): EnvironmentInput => {
      const { env: _, options: __, ...others } = server ?? {};
      const app = auth?.app && { app: { ...auth.app, env: {} } };
      return { ...rest, auth: { ...auth, ...app }, server: others };
    };
    for (const input of INPUTS.map(ordered)) {
      expect(texts(shuffled(input) as EnvironmentInput)).toEqual(texts(input));
    }
  });
});
