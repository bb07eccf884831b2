/**
 * Whether tests draw large random samples, which no run does by itself: `MLFLOW_TEST_SAMPLE=large npm test`, or before
 * `npm run test:e2e`.
 */
export const LARGE_SAMPLE = process.env.MLFLOW_TEST_SAMPLE === 'large';

/** How many random cases a test draws. */
export const sampleSize = (small: number, large: number): number => (LARGE_SAMPLE ? large : small);

/** Like `test`, for the large sample alone: what starts many processes and differs little from tests that always run. */
export const testInLargeSample = LARGE_SAMPLE ? test : test.skip;
