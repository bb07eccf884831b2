import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import { thresholds } from './section';

/** When alerts fire. */
export type Thresholds = DeepReadonly<z.output<typeof thresholds>>;

/** The section that sets them. */
export interface WithRules {
  readonly monitoring: { readonly rules?: { readonly thresholds: Thresholds } };
}

/** The thresholds of an environment: the dashboard uses the defaults if it has no alerts. */
export const thresholdsOf = ({ monitoring }: WithRules): Thresholds =>
  monitoring.rules?.thresholds ?? thresholds.parse({});
