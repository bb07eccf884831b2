import { existsSync } from 'node:fs';
import { IMAGE, type LabRelease } from '../lab';
import { ours, oursStockStart, peer, peerWithoutJobs, removeSides } from './sides';

afterAll(removeSides);

// The bench runs seldom: a rule that refuses what it measures must show here.
describe.each(Object.keys(IMAGE) as LabRelease[])('every side of MLflow %s has manifests:', (release) => {
  test.each([
    ['the chart', async () => peer(release)],
    ['the chart without jobs', async () => peerWithoutJobs(release)],
    ['ours', () => ours(release)],
    ['ours without a login', () => ours(release, false)],
    ["ours with MLflow's start", () => oursStockStart(release)],
  ])('%s', async (_, side) => {
    expect(existsSync((await side()).manifests)).toBe(true);
  });
});
