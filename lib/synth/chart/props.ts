import type { Programs } from '../../components/shared/programs';
import type { CompleteEnvironmentInput } from '../../environment/generated/input';

/** What a chart takes besides the environment. */
export interface ChartOptions {
  /**
   * The programs that run inside the pods, by path, as in `prepare/__main__.py`.
   *
   * @default - those of this package
   */
  readonly programs?: Programs;
  /**
   * Called once with each warning: a setting that is allowed, but has wider effects than its
   * name suggests, or needs your attention.
   *
   * @default - prints the warning on standard error
   */
  readonly warn?: (warning: string) => void;
}

/**
 * The keys of an environment file, which describe one MLflow tracking server, and what the folder of an environment has
 * besides that file. The reference of all keys is docs/configuration.md of the project.
 */
export interface MlflowChartProps extends CompleteEnvironmentInput, ChartOptions {
  /** Only for files: spread a common object, or use `MlflowChart.fromFile`. */
  readonly extends?: never;
  /**
   * The text of the SealedSecrets of this instance, as `seal` and `kubeseal -o yaml` write it. Needed for Secrets with the
   * provider `sealed`.
   *
   * @default - none
   */
  readonly sealedSecrets?: string;
  /**
   * Further objects of this instance, as Kubernetes writes them. A missing namespace is filled in, and the labels and
   * annotations of every object are added, as for constructs that you add to the chart.
   *
   * @default - none
   */
  readonly objects?: readonly object[];
}
