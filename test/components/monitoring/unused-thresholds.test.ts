import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { thresholds } from '../../../lib/components/monitoring/section';
import { loadEnvironment } from '../../../lib/environment/load';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { resolution, SMALLEST, temporaryFolder } from '../../support/support';

/** What `synth` says of thresholds without an effect, of these. */
function messages(given: Record<string, number>, more: EnvironmentInput = {}) {
  const { issues, warnings } = resolution({
    ...SMALLEST,
    monitoring: { metrics: {}, rules: { thresholds: given } },
    ...more,
  });
  expect(issues).toEqual([]);
  return warnings.flatMap(({ path, message }) =>
    message.startsWith('has no effect') ? [`${path.at(-1)} ${message}`] : [],
  );
}

const EVERY = Object.keys(thresholds.parse({}));

/** What the alerts of some thresholds are about. */
const ABOUT: Readonly<Record<string, EnvironmentInput>> = {
  certificateDays: { service: { tls: { secret: 'certificate' } } },
  backupHours: { backup: { schedule: '0 3 * * *', destination: { claim: { size: '1Gi' } } } },
  verificationHours: {
    backup: {
      schedule: '0 3 * * *',
      verification: { schedule: '0 5 * * 0' },
      destination: { claim: { size: '1Gi' } },
    },
  },
  claimPercent: { artifacts: { embedded: {} } },
};

/** A value that is not the default. */
const other = (name: string) => (name === 'verificationHours' ? 300 : name === 'backupHours' ? 30 : 9);

/** What the environment lacks without which an alert does not use them. */
const LACKING: Readonly<Record<string, string>> = {
  certificateDays: 'service.tls',
  backupHours: 'backup',
  verificationHours: 'backup.verification',
  claimPercent: 'a claim, such as backup.destination.claim',
};

test.each(Object.entries(LACKING))('%s has no effect without %s', (name, needs) => {
  expect(messages({ [name]: other(name) })).toEqual([
    `${name} has no effect without ${needs} (set that, or remove this)`,
  ]);
});

test.each(EVERY)('%s: nothing is said of a value that an alert uses', (name) => {
  expect(messages({ [name]: other(name) }, ABOUT[name])).toEqual([]);
});

test('nothing is said of defaults', () => {
  expect(messages(thresholds.parse({}))).toEqual([]);
});

test('nothing is said of the other thresholds', () => {
  const given = Object.fromEntries(EVERY.map((name) => [name, other(name)]));
  expect(messages(given).map((message) => message.split(' ')[0])).toEqual(
    EVERY.filter((name) => LACKING[name] !== undefined),
  );
});

test('no server has no alert that it is down', () => {
  expect(messages({ downMinutes: 9 }, { server: { replicas: 0 } })).toEqual([
    'downMinutes has no effect without server.replicas of at least 1 (set that, or remove this)',
  ]);
});

test('without alerts nothing is said', () => {
  const { warnings } = resolution({ ...SMALLEST, monitoring: { metrics: {} } });
  expect(warnings).toEqual([]);
});

test('a threshold of a base may be used by other environments', () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'team'));
  const write = (path: string, text: string) => {
    writeFileSync(join(folder, path), text);
    return join(folder, path);
  };
  write('base.yaml', 'monitoring: { metrics: {}, rules: { thresholds: { backupHours: 30 } } }\n');
  const own = 'extends: ../base.yaml\ndatabase: { host: db }\nartifacts: { s3: { bucket: artifacts } }\n';
  expect(loadEnvironment(write('team/environment.yaml', own)).warnings).toEqual([]);
  const both = `${own}monitoring: { rules: { thresholds: { certificateDays: 3 } } }\n`;
  expect(loadEnvironment(write('team/environment.yaml', both)).warnings).toEqual([
    expect.stringContaining('certificateDays: has no effect without service.tls'),
  ]);
});
