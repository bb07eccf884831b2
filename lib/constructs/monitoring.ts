import { Construct } from 'constructs';
import {
  ServiceMonitor,
  type ServiceMonitorSpecEndpointsMetricRelabelings,
  ServiceMonitorSpecEndpointsMetricRelabelingsAction,
  ServiceMonitorSpecEndpointsScheme,
} from '../../imports/servicemonitor-monitoring.coreos.com';
import { METRICS_PORT } from '../mlflow/agreements';
import { METRICS_PATH, metricsName } from '../mlflow/monitoring';
import type { ResolvedEnvironment } from '../mlflow/resolved-environment';
import { METRIC_RELABELINGS, scrapeTimes } from '../mlflow/scraping';
import { type Instance, inOrder, objectMetadata, selectorLabels } from './instance';
import { IntOrString, KubeService } from './kubernetes';

/** What monitoring is made from. */
export interface MonitoringProps {
  readonly instance: Instance;
  /** The whole environment: alerts and dashboard look at every part of it. */
  readonly environment: ResolvedEnvironment;
}

/** What a monitoring system finds the metrics by, and what it makes of them. */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, { instance, environment }: MonitoringProps) {
    super(scope, id);
    const { metrics, serviceMonitor } = environment.monitoring;
    if (!metrics) return;
    const name = metricsName(instance.name);

    new KubeService(this, 'Service', {
      metadata: objectMetadata(instance, 'server', name),
      spec: {
        type: 'ClusterIP',
        // A scraper asks each pod: an address for all of them would be of no use.
        clusterIp: 'None',
        selector: selectorLabels(instance, 'server'),
        // A pod that is not ready is one to know about.
        publishNotReadyAddresses: true,
        ports: [
          { name: 'metrics', port: METRICS_PORT, protocol: 'TCP', targetPort: IntOrString.fromString('metrics') },
        ],
      },
    });

    if (serviceMonitor) {
      const { secret, usernameKey, passwordKey } = metrics.credentials;
      const { interval, timeout } = scrapeTimes(environment);
      const metadata = objectMetadata(instance, 'server');
      new ServiceMonitor(this, 'ServiceMonitor', {
        metadata: { ...metadata, labels: { ...inOrder(serviceMonitor.labels), ...metadata.labels } },
        spec: {
          // The job is called as the instance, and not as the Service.
          jobLabel: 'app.kubernetes.io/instance',
          selector: { matchLabels: selectorLabels(instance, 'server') },
          namespaceSelector: { matchNames: [instance.namespace] },
          endpoints: [
            {
              port: 'metrics',
              path: METRICS_PATH,
              scheme: ServiceMonitorSpecEndpointsScheme.HTTP,
              interval: `${interval}s`,
              scrapeTimeout: `${timeout}s`,
              basicAuth: {
                username: { name: secret, key: usernameKey },
                password: { name: secret, key: passwordKey },
              },
              metricRelabelings: METRIC_RELABELINGS.map(relabeling),
            },
          ],
        },
      });
    }
  }
}

/** A step in the operator's words. */
const relabeling = ({
  source_labels,
  regex,
  action,
}: (typeof METRIC_RELABELINGS)[number]): ServiceMonitorSpecEndpointsMetricRelabelings => ({
  sourceLabels: source_labels && [...source_labels],
  regex,
  action: action === 'drop' ? ServiceMonitorSpecEndpointsMetricRelabelingsAction.DROP : undefined,
});
