import { Construct } from 'constructs';
import {
  PrometheusRule,
  PrometheusRuleSpecGroupsRulesExpr,
} from '../../../imports/prometheusrule-monitoring.coreos.com';
import {
  ServiceMonitor,
  type ServiceMonitorSpecEndpointsMetricRelabelings,
  ServiceMonitorSpecEndpointsMetricRelabelingsAction,
  ServiceMonitorSpecEndpointsScheme,
} from '../../../imports/servicemonitor-monitoring.coreos.com';
import { objectMetadata, selectorLabels } from '../../kubernetes/metadata';
import { IntOrString, KubeConfigMap, KubeService } from '../../kubernetes/objects';
import { checksum } from '../../kubernetes/pod';
import { sortKeys } from '../../kubernetes/sort-keys';
import type { Collected } from '../component';
import type { Served } from '../service/tls';
import { METRICS_PORT } from '../shared/constants';
import type { Instance } from '../shared/instance';
import type { FileSource } from '../shared/mounted-files';
import { ruleGroups } from './alert-groups';
import { panelRows } from './panels';
import { type Monitoring as MonitoringSettings, metricsName } from './resolve';
import { METRIC_RELABELINGS, METRICS_PATH, scrapeTimes } from './scraping';

/** What monitoring is created from. */
export interface MonitoringProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  readonly monitoring: MonitoringSettings;
  readonly service: Served;
  /** The full name of the Service, which the certificate of the pods has. */
  readonly host: string;
  /** The alerts and panels of all components. */
  readonly observed: Pick<Collected, 'alerts' | 'panels'>;
}

/** Loading Grafana's library takes a tenth of a second, so only a dashboard loads it. */
const lazyDashboard = () => require('./dashboard') as typeof import('./dashboard');

/** What a monitoring system needs to discover the metrics, and its alerts and dashboard. */
export class Monitoring extends Construct {
  constructor(scope: Construct, id: string, { instance, monitoring, service, host, observed }: MonitoringProps) {
    super(scope, id);
    const { tls } = service;
    const { metrics, serviceMonitor, rules, dashboard } = monitoring;
    const name = metricsName(instance.name);

    new KubeService(this, 'Service', {
      metadata: objectMetadata(instance, 'server', name),
      spec: {
        type: 'ClusterIP',
        // A scraper requests each pod, so a shared address would be of no use.
        clusterIp: 'None',
        selector: selectorLabels(instance, 'server'),
        // Pods that are not ready must be scraped too.
        publishNotReadyAddresses: true,
        ports: [
          { name: 'metrics', port: METRICS_PORT, protocol: 'TCP', targetPort: IntOrString.fromString('metrics') },
        ],
      },
    });

    if (serviceMonitor && metrics) {
      const { secret, usernameKey, passwordKey } = metrics.credentials;
      const { interval, timeout } = scrapeTimes({ monitoring });
      const metadata = objectMetadata(instance, 'server');
      new ServiceMonitor(this, 'ServiceMonitor', {
        metadata: { ...metadata, labels: { ...sortKeys(serviceMonitor.labels), ...metadata.labels } },
        spec: {
          // The job has the name of the instance, not that of the Service.
          jobLabel: 'app.kubernetes.io/instance',
          selector: { matchLabels: selectorLabels(instance, 'server') },
          namespaceSelector: { matchNames: [instance.namespace] },
          endpoints: [
            {
              port: 'metrics',
              path: METRICS_PATH,
              scheme: tls ? ServiceMonitorSpecEndpointsScheme.HTTPS : ServiceMonitorSpecEndpointsScheme.HTTP,
              tlsConfig: tls && { serverName: host, ca: objectKey(tls.ca) },
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

    if (rules) {
      const metadata = objectMetadata(instance, 'server');
      new PrometheusRule(this, 'Rules', {
        metadata: { ...metadata, labels: { ...sortKeys(rules.labels), ...metadata.labels } },
        spec: {
          groups: ruleGroups(observed.alerts(), instance.namespace, rules).map(({ name: group, rules: each }) => ({
            name: group,
            rules: each.map((rule) => ({ ...rule, expr: PrometheusRuleSpecGroupsRulesExpr.fromString(rule.expr) })),
          })),
        },
      });
    }

    if (dashboard) {
      const metadata = objectMetadata(
        instance,
        'server',
        `${instance.name}-dashboard`,
        sortKeys(dashboard.annotations),
      );
      const names = {
        title: `MLflow ${instance.name} in ${instance.namespace}`,
        uid: `mlflow-${checksum([instance.namespace, instance.name], 16)}`,
        interval: scrapeTimes({ monitoring }).interval,
      };
      new KubeConfigMap(this, 'Dashboard', {
        metadata: { ...metadata, labels: { ...sortKeys(dashboard.labels), ...metadata.labels } },
        // All files are in one folder of the sidecar, so the name must be unique to the instance.
        data: { [`${names.uid}.json`]: lazyDashboard().dashboardText(names, panelRows(observed.panels())) },
      });
    }
  }
}

/** A key of a ConfigMap or Secret, as the operator writes it. */
const objectKey = ({ secret, configMap, key }: FileSource) =>
  secret ? { secret: { name: secret, key } } : { configMap: { name: configMap, key } };

/** A relabeling step, as the operator writes it. */
const relabeling = ({
  source_labels,
  regex,
  action,
}: (typeof METRIC_RELABELINGS)[number]): ServiceMonitorSpecEndpointsMetricRelabelings => ({
  sourceLabels: source_labels && [...source_labels],
  regex,
  action: action === 'drop' ? ServiceMonitorSpecEndpointsMetricRelabelingsAction.DROP : undefined,
});
