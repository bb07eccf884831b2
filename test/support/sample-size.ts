/**
 * Whether tests draw large random samples, as `.ci/run` does once with MLFLOW_TEST_SAMPLE=large. The small ones are for
 * every other run.
 */
export const LARGE_SAMPLE = process.env.MLFLOW_TEST_SAMPLE === 'large';

/** How many random cases a test draws. */
export const sampleSize = (small: number, large: number): number => (LARGE_SAMPLE ? large : small);

/** Tests for the large sample alone: those that start many processes and differ little from the ones that always run. */
export function inLargeSample(define: () => void): void {
  if (LARGE_SAMPLE) define();
}
