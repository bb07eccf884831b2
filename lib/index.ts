/**
 * The public API: describe an environment in TypeScript, put it into a cdk8s app of your own, or compose and write it
 * as the command does.
 *
 * @example
 * const environment = defineEnvironment({ database: { host: 'db.example.com' }, artifacts: { s3: { bucket: 'models' } } });
 * new MlflowChart(app, 'mlflow', { environment, programs: readPrograms() });
 */
export { COMPONENTS, type ComponentName, MlflowChart, type MlflowChartProps } from './constructs/mlflow-chart';
export type { Programs } from './constructs/programs';
export { EnvironmentError, type Fault, formatFault, type Path, type Position } from './environment/fault';
export type { EnvironmentInput } from './environment/input';
export { InputError } from './environment/input-error';
export { type LoadedEnvironment, loadEnvironment } from './environment/load';
export { type ParsedEnvironment, parseEnvironment } from './environment/parse';
export type { Environment } from './environment/schema';
export { defineEnvironment } from './mlflow/define';
export { NEWEST_RELEASE, OLDEST_RELEASE } from './mlflow/releases';
export { type Resolution, resolve } from './mlflow/resolve';
export type { ResolvedEnvironment } from './mlflow/resolved-environment';
export type { SealedSecret } from './sealing/sealed-secret';
export { readSealedSecrets, type SealedSecretsReading } from './sealing/sealed-secrets-file';
export { type Composition, compose } from './synth/compose';
export type { Component, Manifest } from './synth/manifest';
export { readPrograms } from './synth/programs';
export { type EnvironmentOutput, type FileChange, planOutput, writeOutput } from './synth/writer';
