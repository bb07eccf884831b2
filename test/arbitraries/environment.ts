import fc from 'fast-check';
import { RISK_NAMES, RISKS } from '../../lib/components/shared/risks/risk';
import type { EnvironmentInput } from '../../lib/environment/model';
import { artifacts } from './artifacts';
import { auth } from './auth';
import { availability } from './availability';
import { backup } from './backup';
import { clients } from './clients';
import { database } from './database';
import { exposure } from './exposure';
import { garbageCollection } from './garbage-collection';
import { image } from './image';
import { monitoring } from './monitoring';
import { namespace } from './namespace';
import { networkPolicy } from './network-policy';
import { secrets } from './secrets';
import { server } from './server';
import { service } from './service';
import type { ComponentArbitrary, Generated, SectionKey } from './shared/component';
import { type Items, type Optional, pick } from './shared/record';
import { RELEASES } from './shared/releases';
import { annotations, labels } from './shared/values';
import { smokeTest } from './smoke-test';
import { storage } from './storage';

/**
 * Random environments, nearly all of them valid. A key that is not generated does not compile, and a test fails too. To
 * add a component, add its file and a line to the list.
 */

/**
 * The random values of every component. They settle in this order: the server before the database, which has connections
 * for its pods, and users before Secrets and clients, which name them.
 */
const COMPONENTS = [
  namespace,
  image,
  server,
  database,
  artifacts,
  auth,
  secrets,
  clients,
  service,
  exposure,
  networkPolicy,
  storage,
  garbageCollection,
  smokeTest,
  backup,
  availability,
  monitoring,
] as const;

/** Patches that apply, whatever the environment; `NAME` stands for the instance's name. */
const PATCHES: readonly Items<EnvironmentInput['patches']>[] = [
  {
    kind: 'Deployment',
    name: 'NAME',
    operations: [
      { op: 'test', path: '/spec/revisionHistoryLimit', value: 5 },
      { op: 'replace', path: '/spec/revisionHistoryLimit', value: 3 },
      {
        op: 'add',
        path: '/spec/template/spec/hostAliases',
        value: [{ ip: '192.168.1.9', hostnames: ['s3.example.com'] }],
      },
    ],
  },
  { kind: 'Service', name: 'NAME', operations: [{ op: 'add', path: '/spec/sessionAffinity', value: 'ClientIP' }] },
  {
    kind: 'ServiceAccount',
    name: 'NAME',
    operations: [
      { op: 'remove', path: '/metadata/labels/app.kubernetes.io~1version' },
      { op: 'add', path: '/metadata/labels/app.kubernetes.io~1version', value: 'patched' },
    ],
  },
];

type Sections = Intersection<(typeof COMPONENTS)[number]['sections']>;

/** All members of a union at once. */
type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;

const sections: {
  readonly [K in SectionKey]: fc.Arbitrary<Optional<EnvironmentInput[K]>>;
} = {
  name: pick('mlflow', 'ml', 'a', `x${'-long'.repeat(7)}`),
  ...(Object.assign({}, ...COMPONENTS.map((component) => component.sections)) as Sections),
  labels,
  annotations,
  allow: fc.subarray([...RISK_NAMES]),
  patches: fc.subarray([...PATCHES]),
};

/** The top-level keys that are generated; `extends` is for files. */
export const GENERATED_KEYS = [...Object.keys(sections), 'extends'];

const REQUIRED = COMPONENTS.flatMap((component: ComponentArbitrary<never>) => component.required ?? []);

/** A random environment of one of these releases. */
export const randomEnvironmentOf = (...versions: readonly string[]): fc.Arbitrary<EnvironmentInput> =>
  fc
    .record({ ...sections, mlflowVersion: pick(...versions) }, { requiredKeys: REQUIRED, noNullPrototype: true })
    .map((given) => settle(structuredClone(given) as Generated));

/** A random environment of any release. */
export const randomEnvironment = randomEnvironmentOf(...RELEASES);

const isGenerated = ({ secrets = {} }: Generated) =>
  [secrets, ...Object.values(secrets.overrides ?? {})].some(({ provider }) => provider === 'generated');

/** Makes the values of different keys fit each other and the release. */
function settle(generated: Generated): EnvironmentInput {
  const { mlflowVersion: version = '' } = generated;
  const settled = COMPONENTS.reduce<Generated>(
    (given, component: ComponentArbitrary<never>) => component.settle?.(given, version) ?? given,
    generated,
  );
  const many = settled.database.embedded || settled.artifacts.embedded || isGenerated(settled);
  // The names of some objects append to a longer name more than fits.
  if (many && settled.name) settled.name = settled.name.slice(0, 34);
  // Any combination of keys may be of a risk that has to be accepted.
  const refused = RISK_NAMES.filter((risk) => RISKS[risk].level === 'issue');
  settled.allow = [...new Set([...(settled.allow ?? []), ...refused])];
  const { name = 'mlflow', patches } = settled;
  // What is patched has its usual name.
  if (patches?.some(({ kind }) => kind === 'ServiceAccount')) delete settled.server?.serviceAccount;
  if (patches)
    settled.patches = patches.map((patch) => ({ ...patch, name: patch.name === 'NAME' ? name : patch.name }));
  return settled;
}
