import { thresholds } from '../../../lib/components/monitoring/section';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { resolution, SMALLEST } from '../../support/support';

/** The thresholds that `synth` says have no effect, of these. */
function unused(given: Record<string, number>, more: EnvironmentInput = {}) {
  const { issues, warnings } = resolution({
    ...SMALLEST,
    monitoring: { metrics: {}, rules: { thresholds: given } },
    ...more,
  });
  expect(issues).toEqual([]);
  return warnings.filter(({ message }) => message.startsWith('has no effect')).map(({ path }) => path.at(-1));
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

test.each(EVERY)('%s: a value that no alert uses is named, one that an alert uses is not', (name) => {
  const other = { [name]: name === 'verificationHours' ? 300 : 9 };
  const more = ABOUT[name];
  expect(unused(other)).toEqual(more === undefined ? [] : [name]);
  expect(unused({ [name]: name === 'backupHours' ? 30 : (other[name] as number) }, more)).toEqual([]);
});

test('without alerts or with the defaults nothing is named', () => {
  expect(unused(thresholds.parse({}))).toEqual([]);
  expect(unused({ certificateDays: 3, verificationHours: 300, backupHours: 30 })).toEqual([
    'backupHours',
    'certificateDays',
    'verificationHours',
  ]);
});
