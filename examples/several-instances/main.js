const { App } = require('cdk8s');
const { MlflowChart, writeCharts } = require('cdk8s-mlflow');

/** What all teams have in common. */
const common = {
  artifacts: { s3: { bucket: 'mlflow-artifacts' } },
  labels: { 'example.com/platform': 'ml' },
};

const TEAMS = ['vision', 'language'];

const app = new App();

const charts = TEAMS.map(
  (team) =>
    new MlflowChart(app, team, {
      ...common,
      namespace: { name: `mlflow-${team}` },
      database: { host: 'postgres.databases.svc', name: `mlflow_${team}`, authName: `mlflow_${team}_auth` },
      artifacts: { s3: { ...common.artifacts.s3, prefix: team } },
    }),
);

// A folder for each team, with a file for each component. `app.synth()` would write one file for each team.
for (const { action, path } of writeCharts('dist', charts)) console.log(`${action} ${path}`);
