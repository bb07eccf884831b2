import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary } from './shared/component';
import { map, type Optional, pick, some } from './shared/record';
import { annotations, anyText, labelValue, namespaceName, selectedLabels } from './shared/values';

type Monitoring = Optional<EnvironmentInput['monitoring']>;
type Metrics = Optional<Monitoring['metrics']>;
type Rules = Optional<Monitoring['rules']>;

export const monitoring: ComponentArbitrary<'monitoring'> = {
  sections: {
    monitoring: some<Monitoring>(
      {
        metrics: some<Metrics>({
          credentials: some<Optional<Metrics['credentials']>>({
            secret: pick('login-of-scraper', 'other.login'),
            usernameKey: pick('user', 'name'),
            passwordKey: pick('pass', 'key'),
          }),
          scraper: some<Optional<Metrics['scraper']>>({
            namespace: namespaceName,
            labels: map(['app', 'on'], labelValue),
          }),
        }),
        serviceMonitor: some<Optional<Monitoring['serviceMonitor']>>({
          labels: selectedLabels,
          interval: pick(15, 120),
          timeout: pick(1, 15),
        }),
        rules: some<Rules>({
          labels: selectedLabels,
          alertLabels: map(['team', 'y', '_1'], anyText).map((given) =>
            Object.fromEntries(Object.entries(given).map(([name, text]) => [name, text.replaceAll('{{', '(')])),
          ),
          runbooks: pick('docs/alerts', 'https://git.example.com/mlflow/docs/alerts'),
          thresholds: some<Optional<Rules['thresholds']>>({
            downMinutes: pick(1, 1440),
            errorPercent: pick(1, 100),
            latencySeconds: pick(0.05, 1, 9),
            restartsPerHour: pick(1, 60),
            certificateDays: pick(0, 365),
            claimPercent: pick(1, 100),
            backupHours: pick(1, 10_000),
            verificationHours: pick(1, 10_000),
            connectionPercent: pick(1, 100),
          }),
        }),
        dashboard: some<Optional<Monitoring['dashboard']>>({ labels: selectedLabels, annotations }),
      },
      'metrics',
    ),
  },
};
