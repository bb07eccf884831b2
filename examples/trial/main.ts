import { App } from 'cdk8s';
import { MlflowChart } from 'cdk8s-mlflow';

const app = new App();

const chart = new MlflowChart(app, 'mlflow', {
  namespace: { name: 'mlflow-trial' },
  database: { embedded: {} },
  artifacts: { embedded: {} },
  secrets: { provider: 'generated' },
});

app.synth();

// http://mlflow.mlflow-trial.svc.cluster.local:5000
console.log(chart.trackingUri);
