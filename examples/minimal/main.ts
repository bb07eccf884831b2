import { App } from 'cdk8s';
import { MlflowChart } from 'cdk8s-mlflow';

const app = new App();

new MlflowChart(app, 'mlflow', {
  database: { host: 'postgres.databases.svc' },
  artifacts: { s3: { bucket: 'mlflow-artifacts' } },
});

app.synth();
