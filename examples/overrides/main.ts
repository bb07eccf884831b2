import { App, JsonPatch } from 'cdk8s';
import { MlflowChart } from 'cdk8s-mlflow';

const app = new App();

const chart = new MlflowChart(app, 'mlflow', {
  database: { host: 'postgres.databases.svc' },
  artifacts: { s3: { bucket: 'mlflow-artifacts' } },
});

// There is no key for these fields.
chart.server.deployment.addJsonPatch(
  JsonPatch.add('/spec/template/spec/runtimeClassName', 'gvisor'),
  JsonPatch.replace('/spec/revisionHistoryLimit', 2),
);
chart.service.metadata.addAnnotation('example.com/owner', 'ml');

app.synth();
