/**
 * The public API: describe an environment in TypeScript, put it into a cdk8s app of your own, or compose and write it
 * as the command does.
 *
 * @example
 * const environment = defineEnvironment({ database: { host: 'db.example.com' }, artifacts: { s3: { bucket: 'models' } } });
 * new MlflowChart(app, 'mlflow', { environment, programs: readPrograms() });
 */

export type { Programs } from './components/shared/programs';
export { defineEnvironment } from './environment/define';
export type * from './environment/generated/input';
export { type LoadedEnvironment, loadEnvironment } from './environment/load';
export { FILES, MlflowChart, type MlflowChartProps } from './environment/mlflow-chart';
export type { Environment } from './environment/model';
export { type ParsedEnvironment, parseEnvironment } from './environment/parse';
export { type Resolution, resolve } from './environment/resolve';
export type { ResolvedEnvironment } from './environment/resolved-environment';
export { InputError } from './input/input-error';
export { EnvironmentError, formatIssue, type Issue, type Path, type Position } from './input/issue';
export { NEWEST_RELEASE, OLDEST_RELEASE } from './mlflow/releases';
export { readSealedSecrets, type SealedSecretsReading } from './sealed-secrets/file';
export type { SealedSecret } from './sealed-secrets/sealed-secret';
export { type Composition, compose } from './synth/compose';
export type { Manifest, OutputFile } from './synth/manifest';
export { type EnvironmentOutput, type FileChange, planOutput, writeOutput } from './synth/output/writer';
export { readPrograms } from './synth/programs';
export type { UserObject } from './synth/user-objects/user-object';
