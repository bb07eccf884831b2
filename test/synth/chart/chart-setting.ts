import { App } from 'cdk8s';
import { MlflowChart, type MlflowChartProps } from '../../../lib';
import { SMALLEST, temporaryFolder } from '../../support/support';

/** Charts in apps of a folder of their own. */

/** Options of a chart that says nothing. */
export const QUIET = { warn: () => undefined };

/** An app with the output of nothing else. */
export const app = (more: ConstructorParameters<typeof App>[0] = {}) => new App({ outdir: temporaryFolder(), ...more });

/** A chart with what every environment needs. */
export const chartOf = (props: Partial<MlflowChartProps> = {}, parent = app()) =>
  new MlflowChart(parent, 'mlflow', { ...SMALLEST, ...QUIET, ...props });

/** The message of what fails; empty if nothing does. */
export const message = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  return '';
};
