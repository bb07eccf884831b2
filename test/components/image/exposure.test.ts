import { exposureOf } from '../../../lib/components/image/exposure';
import { variableRisks } from '../../../lib/components/shared/risks/variables';
import { resolved, SMALLEST } from '../../support/support';

/** What decides which vulnerabilities of MLflow can be exploited. */

const JOBS = 'MLFLOW_SERVER_ENABLE_JOB_EXECUTION';

test.each(['true', 'True', '1', ' 1 ', 'yes', 'false', 'False', '0', ' false ', 'off', ''])(
  'jobs that are %j are on for vulnerabilities if, and only if, they are for risks',
  (value) => {
    const { jobs } = exposureOf(resolved({ ...SMALLEST, server: { env: { [JOBS]: value } }, allow: ['weak-server'] }));
    expect(jobs).toBe(variableRisks(JOBS, value).length > 0);
    expect(jobs).toBe(/true|1|yes/i.test(value));
  },
);
