import type { Mutation } from './mutation';
import { NAMES, TEXTS } from './objects';
import { REFERENCES } from './references';
import { AVAILABILITY, HOSTS, RESOURCES, RUNNING } from './running';
import { SCHEMA } from './schema';
import { SECURITY } from './security';

/** Every way in which the tests spoil a real output. */
export const MUTATIONS: readonly Mutation[] = [
  ...SCHEMA,
  ...NAMES,
  ...REFERENCES,
  ...TEXTS,
  ...SECURITY,
  ...HOSTS,
  ...RESOURCES,
  ...RUNNING,
  ...AVAILABILITY,
];
