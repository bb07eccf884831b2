import type { Mutation } from './mutation';
import { NAMES, REFERENCES, TEXTS } from './objects';
import { AVAILABILITY, RESOURCES, RUNNING } from './running';
import { SECURITY } from './security';

/** Every way in which the tests spoil a real output. */
export const MUTATIONS: readonly Mutation[] = [
  ...NAMES,
  ...REFERENCES,
  ...TEXTS,
  ...SECURITY,
  ...RESOURCES,
  ...RUNNING,
  ...AVAILABILITY,
];
