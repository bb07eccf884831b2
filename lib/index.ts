/**
 * The public API: an MLflow tracking server as a chart of a cdk8s app.
 *
 * @example
 * const app = new App();
 * new MlflowChart(app, 'mlflow', {
 *   database: { host: 'postgres.databases.svc' },
 *   artifacts: { s3: { bucket: 'mlflow-artifacts' } },
 * });
 * app.synth();
 */

export type { SecretProvider } from './components/shared/contributions/secret-keys';
export type { Programs } from './components/shared/programs';
export type * from './environment/generated/input';
export { InputError } from './input/input-error';
export { EnvironmentError, type Issue, type Path } from './input/issue';
export { NEWEST_RELEASE, OLDEST_RELEASE } from './mlflow/releases';
export { type Composition, compose, writeCharts } from './synth/chart/compose-chart';
export type { SecretHandle, ServerHandle } from './synth/chart/handles';
export { MlflowChart } from './synth/chart/mlflow-chart';
export type { ChartOptions, MlflowChartProps } from './synth/chart/props';
export type { Manifest, OutputFile } from './synth/manifest';
export type { FileChange } from './synth/output/writer';
export { readPrograms } from './synth/programs';
