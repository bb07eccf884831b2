import { thresholdsOf, type WithRules } from '../monitoring/thresholds';
import type { Alert } from '../shared/contributions/observability';
import type { Series } from '../shared/contributions/series';
import type { Served } from './tls';

/** The resolved sections that the alert follows from. */
export interface Sections extends WithRules {
  readonly name: string;
  readonly service: Served;
}

const SECONDS_OF_A_DAY = 86_400;

/** The certificate of the pods was not renewed. */
export function certificateAlerts(resolved: Sections, { own }: Series): Alert[] {
  const { name, service } = resolved;
  const days = thresholdsOf(resolved).certificateDays;
  if (!service.tls) return [];
  return [
    {
      name: 'MlflowCertificateExpires',
      group: 'mlflow-server',
      severity: 'warning',
      query: `min by (pod) (${own('mlflow_certificate_expiry_timestamp_seconds')}) - time() < ${days * SECONDS_OF_A_DAY}`,
      minutes: 10,
      summary: `the certificate of pod {{ $labels.pod }} of MLflow ${name} expires in {{ $value | humanizeDuration }}`,
      description: `The certificate in Secret ${service.tls.secret} was not renewed, or the pod does not use the new one. Once it has expired, all clients that verify it fail.`,
    },
  ];
}
