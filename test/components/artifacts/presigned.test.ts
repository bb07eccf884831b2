import type { EnvironmentInput } from '../../../lib/environment/model';
import { issuesOf } from '../../support/checks';
import { SMALLEST } from '../../support/support';

const STORES: Readonly<Record<string, EnvironmentInput['artifacts']>> = {
  azure: { azure: { account: 'account', container: 'mlflow' } },
  gcs: { gcs: { bucket: 'artifacts' } },
  volume: { volume: {} },
};
const options = { 'artifacts-presigned-only': true };
const image = { tag: 'v3.18.0-full' };

test.each(Object.entries(STORES))('downloads by signed URLs alone are refused with %s', (_, artifacts) => {
  expect(issuesOf({ ...SMALLEST, image, artifacts, server: { options } })).toEqual([
    expect.stringMatching(
      /^server\.options\.artifacts-presigned-only: needs signed URLs for downloads, which MLflow has/,
    ),
  ]);
  expect(issuesOf({ ...SMALLEST, image, artifacts })).toEqual([]);
});

test('S3 has them', () => {
  expect(issuesOf({ ...SMALLEST, image, server: { options } })).toEqual([]);
});
