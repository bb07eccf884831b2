import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, temporaryFolder } from '../support/support';
import { writeIn } from '../support/write-in';

/** A file with one import, which has the form of the first of FORMS unless it is another. */
type Case = readonly [path: string, from: string, form?: (from: string) => string];

/** The ways to import something, as what is written of a path. */
const FORMS: Readonly<Record<string, (from: string) => string>> = {
  'import { x }': (from) => `import { x } from '${from}';\n\nexport const y = x;\n`,
  'import *': (from) => `import * as x from '${from}';\n\nexport const y = x;\n`,
  'import type': (from) => `import type { X } from '${from}';\n\nexport const y: X = 1;\n`,
  'import for its effects': (from) => `import '${from}';\n`,
  'export { x }': (from) => `export { x } from '${from}';\n`,
  'export *': (from) => `export * from '${from}';\n`,
  'export type *': (from) => `export type * from '${from}';\n`,
  'import()': (from) => `export const y = await import('${from}');\n`,
};

/** Those that the linter does not see. */
const UNSEEN_FORMS: Readonly<Record<string, (from: string) => string>> = {
  'import() in a type': (from) => `export type Y = import('${from}').X;\n`,
  'require()': (from) => `export const y = require('${from}');\n`,
};

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
  ['lib/synth/b.ts', '../../main'],
  ['lib/cli/b.ts', '../../main'],
  ['lib/a.ts', '../main'],
  ['lib/components/backup/a.ts', '../../../main'],
  // In no layer.
  ['lib/other/a.ts', '../input/issue'],
  ['lib/other/more/a.ts', '../b'],
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

const inEachForm = (forms: typeof FORMS, file: string) =>
  Object.entries(forms).map(([name, form], index) => [name, `lib/environment/${file}-${index}.ts`, form] as const);
const SEEN = inEachForm(FORMS, 'seen');
const UNSEEN = inEachForm(UNSEEN_FORMS, 'unseen');

const CIRCLE: readonly Case[] = [
  ['lib/synth/one.ts', './other'],
  ['lib/synth/other.ts', './one'],
];

const titled = (cases: readonly Case[]) => cases.map(([path, from]) => [path, from] as const);

/** The rules of the linter that each file violates, with the project's own settings. */
function violatedRules(cases: readonly Case[]): ReadonlyMap<string, readonly string[]> {
  const folder = temporaryFolder();
  const { vcs: _, ...settings } = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8')) as Record<string, unknown>;
  writeFileSync(join(folder, 'biome.json'), JSON.stringify({ ...settings, root: true }));
  for (const [path, from, form = FORMS['import { x }']] of cases) {
    writeIn(folder, path, form?.(from) ?? '');
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
  const found = violatedRules([
    ...REFUSED,
    ...[...SEEN, ...UNSEEN].map(([, path, form]): Case => [path, '../synth/compose', form]),
    ...ALLOWED,
    ...CIRCLE,
  ]);

  test.each(titled(REFUSED))('refuses that %s imports %s', (path) => {
    expect(found.get(path)).toEqual(['noRestrictedImports']);
  });

  test.each(SEEN)('refuses an import in the form of %s', (_, path) => {
    expect(found.get(path)).toContain('noRestrictedImports');
  });

  test.each(UNSEEN)('does not see an import in the form of %s', (_, path) => {
    expect(found.get(path)).toEqual([]);
  });

  test('need not see them, since no file of lib/ imports from another folder so', () => {
    const files = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.ts'),
    );
    expect(files.length).toBeGreaterThan(100);
    const having = files.filter((path) => {
      const text = readFileSync(join(ROOT, 'lib', path), 'utf8');
      return /(?<!\bawait )\b(import|require)\(\s*['"`]\.\./.test(text);
    });
    expect(having).toEqual([]);
  });

  test('has a rule for each folder of lib/', () => {
    const { overrides } = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8')) as {
      overrides: { includes: string[] }[];
    };
    const ruled = overrides.flatMap(({ includes }) => includes);
    const folders = readdirSync(join(ROOT, 'lib'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(folders.map(({ name }) => name).filter((name) => !ruled.includes(`lib/${name}/**`))).toEqual([]);
  });

  test.each(titled(ALLOWED))('lets %s import %s', (path) => {
    expect(found.get(path)).toEqual([]);
  });

  test.each(titled(CIRCLE))('refuses the circle of %s and %s', (path) => {
    expect(found.get(path)).toEqual(['noImportCycles']);
  });
});
