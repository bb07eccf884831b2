import { App } from 'cdk8s';
import { MlflowChart } from 'cdk8s-mlflow';
import { k8s } from 'cdk8s-plus-28';

const LABELS = { app: 'training' };

const app = new App();

const chart = new MlflowChart(app, 'mlflow', {
  database: { host: 'postgres.databases.svc' },
  artifacts: { s3: { bucket: 'mlflow-artifacts' } },
  auth: { users: [{ name: 'training', permission: 'EDIT' }] },
});

new k8s.KubeDeployment(chart, 'training', {
  metadata: { name: 'training' },
  spec: {
    selector: { matchLabels: LABELS },
    template: {
      metadata: { labels: LABELS },
      spec: {
        automountServiceAccountToken: false,
        containers: [
          {
            name: 'training',
            image: 'registry.example.com/training:1.0.0',
            env: chart.clientEnv('training'),
            resources: {
              requests: { cpu: k8s.Quantity.fromString('1'), memory: k8s.Quantity.fromString('2Gi') },
              limits: { memory: k8s.Quantity.fromString('2Gi') },
            },
            // The namespace enforces the Pod Security level restricted.
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 10001,
              runAsGroup: 10001,
              readOnlyRootFilesystem: true,
              allowPrivilegeEscalation: false,
              capabilities: { drop: ['ALL'] },
              seccompProfile: { type: 'RuntimeDefault' },
            },
          },
        ],
      },
    },
  },
});

new k8s.KubeNetworkPolicy(chart, 'policy', {
  metadata: { name: 'training' },
  spec: {
    podSelector: { matchLabels: LABELS },
    policyTypes: ['Ingress', 'Egress'],
    egress: [
      {
        to: [{ podSelector: { matchLabels: chart.server.selectorLabels } }],
        ports: [{ protocol: 'TCP', port: k8s.IntOrString.fromNumber(chart.server.port) }],
      },
      {
        to: [{ namespaceSelector: {}, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
        ports: [{ protocol: 'UDP', port: k8s.IntOrString.fromNumber(53) }],
      },
    ],
  },
});

app.synth();
