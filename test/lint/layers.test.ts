import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, temporaryFolder } from '../support/support';

/** A file with one import. */
type Case = readonly [path: string, from: string];

const REFUSED: readonly Case[] = [
  ['lib/input/a.ts', '../kubernetes/names'],
  ['lib/kubernetes/a.ts', '../components/server/resolve'],
  ['lib/mlflow/a.ts', '../environment/model'],
  ['lib/sealed-secrets/a.ts', '../environment/resolve'],
  ['lib/sealed-secrets/b.ts', '../components/shared/sections/fields'],
  ['lib/components/server/a.ts', '../../environment/resolve'],
  ['lib/components/server/b.ts', '../backup/construct'],
  ['lib/components/backup/section.ts', './resolve'],
  ['lib/components/backup/resolve.ts', './construct'],
  ['lib/components/backup/construct.ts', './component'],
  ['lib/components/shared/a.ts', '../server/resolve'],
  ['lib/components/shared/sections/a.ts', '../../server/section'],
  ['lib/environment/a.ts', '../synth/compose'],
  ['lib/synth/a.ts', '../cli/run'],
];

const ALLOWED: readonly Case[] = [
  ['lib/cli/a.ts', '../synth/compose'],
  ['lib/environment/b.ts', '../components/backup/component'],
  ['lib/components/storage/component.ts', './construct'],
  ['lib/components/storage/construct.ts', './resolve'],
  ['lib/components/storage/resolve.ts', '../database/resolve'],
  ['lib/components/shared/b.ts', '../../kubernetes/objects'],
  ['lib/components/shared/sections/b.ts', '../../../input/issue'],
];

const CIRCLE: readonly Case[] = [
  ['lib/synth/one.ts', './other'],
  ['lib/synth/other.ts', './one'],
];

/** The rules of the linter that each file violates, with the project's own settings. */
function violatedRules(cases: readonly Case[]): ReadonlyMap<string, readonly string[]> {
  const folder = temporaryFolder();
  const { vcs: _, ...settings } = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...settings, root: true }));
  for (const [path, from] of cases) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), `import { x } from '${from}';\n\nexport const y = x;\n`);
  }
  const biome = join(ROOT, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  const { stdout } = spawnSync(process.execPath, [biome, 'lint', '--reporter=json', '--max-diagnostics=200', '.'], {
    cwd: folder,
    encoding: 'utf8',
  });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { category: string; location: { path: unknown } }[] };
  const found = new Map<string, string[]>(cases.map(([path]) => [path, []]));
  for (const { category, location } of diagnostics) {
    const path = cases.map(([each]) => each).find((each) => JSON.stringify(location.path).includes(each));
    if (path) found.get(path)?.push(category.replace(/.*\//, ''));
  }
  return found;
}

describe('the linter', () => {
  const found = violatedRules([...REFUSED, ...ALLOWED, ...CIRCLE]);

  test.each(REFUSED)('refuses that %s imports %s', (path) => {
    expect(found.get(path)).toEqual(['noRestrictedImports']);
  });

  test.each(ALLOWED)('lets %s import %s', (path) => {
    expect(found.get(path)).toEqual([]);
  });

  test.each(CIRCLE)('refuses the circle of %s and %s', (path) => {
    expect(found.get(path)).toEqual(['noImportCycles']);
  });
});
