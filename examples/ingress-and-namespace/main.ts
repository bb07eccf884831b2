import { App } from 'cdk8s';
import { MlflowChart } from 'cdk8s-mlflow';
import { k8s } from 'cdk8s-plus-28';

const HOST = 'mlflow.example.com';

const app = new App();

const chart = new MlflowChart(app, 'mlflow', {
  namespace: { name: 'ml', create: false },
  database: { host: 'postgres.databases.svc' },
  artifacts: { s3: { bucket: 'mlflow-artifacts' } },
  // MLflow refuses requests that name another host.
  server: { allowedHosts: [HOST] },
  // The network policy admits the pods of the Ingress controller.
  networkPolicy: { clients: { namespaces: ['traefik'] } },
});

new k8s.KubeNamespace(chart, 'namespace', {
  metadata: {
    name: chart.namespace,
    labels: { team: 'ml', 'pod-security.kubernetes.io/enforce': 'restricted' },
  },
});

new k8s.KubeIngress(chart, 'ingress', {
  metadata: { name: 'mlflow' },
  spec: {
    ingressClassName: 'traefik',
    tls: [{ hosts: [HOST], secretName: 'mlflow-tls' }],
    rules: [
      {
        host: HOST,
        http: {
          paths: [
            {
              path: '/',
              pathType: 'Prefix',
              backend: { service: { name: chart.service.name, port: { number: chart.servicePort } } },
            },
          ],
        },
      },
    ],
  },
});

app.synth();
