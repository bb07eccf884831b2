import type { Programs } from '../lib/components/shared/programs';
import type { EnvironmentInput } from '../lib/environment/model';
import { all, exitCodes, type MadePod, objectsOf, PROGRAMS, podsOf, SMALLEST } from './support/support';

/** The programs in the pods: each finds the modules that it imports, is counted by its pod, and knows how it can end. */

const INPUT: EnvironmentInput = {
  ...SMALLEST,
  monitoring: { metrics: {} },
  backup: { destination: { claim: {} } },
  garbageCollection: {},
  smokeTest: { enabled: true },
};
const objects = objectsOf(INPUT);

/** The programs of a pod by their file names, out of the ConfigMap that is mounted where they are started. */
function filesOf({ spec }: MadePod, from = objects): Readonly<Record<string, string>> {
  const name = spec.volumes?.find((volume) => volume.name === 'scripts')?.configMap?.name;
  return all(from, 'ConfigMap').find(({ metadata }) => metadata?.name === name)?.data ?? {};
}

/** The modules of ours that a text imports. Modules of others have no file here. */
function imports(text: string): string[] {
  const named = [...text.matchAll(/^\s*(?:import|from) ([a-z_]+)/gm)].map(([, module]) => `${module}.py`);
  return named.filter((file) => OURS.has(file));
}
const OURS = new Set(objects.flatMap((object) => (object.kind === 'ConfigMap' ? Object.keys(object.data ?? {}) : [])));

/** The files that a pod's containers start, and all that these import. */
function used(pod: MadePod): Set<string> {
  const started = [...JSON.stringify(pod.spec).matchAll(/\/scripts\/([a-z_-]+\.(?:py|sh))/g)].map(
    ([, file = '']) => file,
  );
  const files = filesOf(pod);
  const found = new Set<string>();
  for (const file of started) found.add(file);
  for (const file of found) for (const imported of imports(files[file] ?? '')) found.add(imported);
  return found;
}

const pods = podsOf(objects).filter((pod) => used(pod).size > 0);

test('the pods that run programs are those of the server, of backup and restore, of gc and of the smoke test', () => {
  expect(pods).toHaveLength(5);
  const most = pods.map((pod) => used(pod)).find((files) => files.has('backup.py'));
  expect([...(most ?? [])]).toEqual(expect.arrayContaining(['backup_store.py', 'postgresql-client.sh', 'program.py']));
});

test('a pod has every module that its programs import', () => {
  for (const pod of pods) expect(Object.keys(filesOf(pod))).toEqual(expect.arrayContaining([...used(pod)]));
});

/** The same programs with a line more in one of them. */
function changes(): Programs[] {
  const flat = Object.keys(PROGRAMS).filter((key) => key !== 'backup') as Exclude<keyof Programs, 'backup'>[];
  const { backup } = PROGRAMS;
  return [
    ...flat.map((key) => ({ ...PROGRAMS, [key]: `${PROGRAMS[key]}\n# changed\n` })),
    ...Object.keys(backup).map((key) => ({ ...PROGRAMS, backup: { ...backup, [key]: `${backup[key]}\n# changed\n` } })),
  ];
}

/** What decides a pod's checksum: backup and restore share a ConfigMap of their own, and one checksum. */
const counts = (pod: MadePod): readonly string[] =>
  pod.labels['app.kubernetes.io/component'] === 'backup' ? Object.keys(filesOf(pod)) : [...used(pod)];

test('a pod counts a change of the programs that it uses, and of no other', () => {
  const counted = new Set<string>();
  for (const programs of changes()) {
    const changed = objectsOf(INPUT, programs);
    const after = podsOf(changed).filter((pod) => used(pod).size > 0);
    for (const [index, pod] of pods.entries()) {
      const now = after[index] as MadePod;
      const [old, files] = [filesOf(pod), filesOf(now, changed)];
      const different = Object.keys(files).filter((file) => files[file] !== old[file]);
      const isCounted = now.annotations['checksum/scripts'] !== pod.annotations['checksum/scripts'];
      const isUsed = different.some((file) => counts(pod).includes(file));
      expect([pod.owner.metadata.name, different, isCounted]).toEqual([pod.owner.metadata.name, different, isUsed]);
      if (isCounted) for (const file of different) counted.add(file);
    }
  }
  expect(counted.size).toBeGreaterThan(15);
});

describe('how a program can end', () => {
  const kinds = (text: string) => [
    ...[...text.matchAll(/\bFailure\("([a-z0-9-]+)"/g)].map(([, kind]) => kind),
    ...[...text.matchAll(/\breturn "(database-[a-z-]+)"/g)].map(([, kind]) => kind),
    // A bucket is that of the artifacts or of the backups.
    ...[...text.matchAll(/\bFailure\(f"\{self\.kind\}(-[a-z-]+)"/g)].flatMap(([, end]) => [`s3${end}`, `store${end}`]),
  ];
  const { common, prepare, prepareUsers, collectGarbage, garbage, maintenance, smokeTest, backup } = PROGRAMS;
  const DATABASE = [common, maintenance];

  test.each<[string, string, readonly string[]]>([
    ['prepare', prepare, [...DATABASE, prepareUsers]],
    ['backup and restore', backup['backup_common.py'] ?? '', [...DATABASE, ...Object.values(backup)]],
    ['the garbage collection', collectGarbage, [...DATABASE, garbage]],
    ['the smoke test', smokeTest, []],
  ])('has a code: %s', (_, program, parts) => {
    const codes = exitCodes(program).map(([word]) => word);
    expect(codes).toEqual(expect.arrayContaining(['configuration', 'unexpected']));
    expect([program, ...parts].flatMap(kinds).filter((kind = '') => !codes.includes(kind))).toEqual([]);
  });
});
