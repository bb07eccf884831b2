/**
 * Whether tests draw large random samples, as `.ci/run` does once with MLFLOW_TEST_SAMPLE=large. The small ones are for
 * every other run.
 */
export const LARGE_SAMPLE = process.env.MLFLOW_TEST_SAMPLE === 'large';

/** How many random cases a test draws. */
export const sampleSize = (small: number, large: number): number => (LARGE_SAMPLE ? large : small);

/** Like `test`, for the large sample alone: what starts many processes and differs little from tests that always run. */
export const testInLargeSample = LARGE_SAMPLE ? test : test.skip;
