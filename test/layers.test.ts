import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describeLayers, type Import, layerFaults, layerOf, readImports } from '../tools/imports';
import { ROOT, temporaryFolder } from './support';

const arrow = (from: string, to: string): Import => ({ from, to });

describe('the layers of this project', () => {
  const imports = readImports(ROOT);

  test('have no import that points upward or runs in a circle', () => {
    expect(imports.length).toBeGreaterThan(80);
    expect(layerFaults(imports)).toEqual([]);
  });

  test('hold every file that is imported or imports', () => {
    expect(imports.flatMap(({ from, to }) => [from, to]).filter((file) => layerOf(file) < 0)).toEqual([]);
  });
});

describe('the checker of layers', () => {
  test.each([
    ['from environment to mlflow', arrow('lib/environment/a.ts', 'lib/mlflow/b.ts')],
    ['from environment to sealing', arrow('lib/environment/a.ts', 'lib/sealing/b.ts')],
    ['from sealing to mlflow', arrow('lib/sealing/a.ts', 'lib/mlflow/b.ts')],
    ['from mlflow to constructs', arrow('lib/mlflow/a.ts', 'lib/constructs/b.ts')],
    ['from constructs to synth', arrow('lib/constructs/a.ts', 'lib/synth/b.ts')],
    ['from synth to cli', arrow('lib/synth/a.ts', 'lib/cli/b.ts')],
    ['from cli to main', arrow('lib/cli/a.ts', 'main.ts')],
    ['to a file in no layer', arrow('lib/cli/a.ts', 'lib/other/b.ts')],
  ])('finds an arrow %s', (_, upward) => {
    expect(layerFaults([upward])).toHaveLength(1);
  });

  test('finds a circle within a layer, and lets a straight line pass', () => {
    const [ab, bc, ca] = [
      arrow('lib/synth/a.ts', 'lib/synth/b.ts'),
      arrow('lib/synth/b.ts', 'lib/synth/c.ts'),
      arrow('lib/synth/c.ts', 'lib/synth/a.ts'),
    ];
    expect(layerFaults([ab, bc])).toEqual([]);
    expect(layerFaults([ab, bc, ca])).toEqual([
      'a circle: lib/synth/a.ts -> lib/synth/b.ts -> lib/synth/c.ts -> lib/synth/a.ts',
    ]);
  });

  test('reads every form of import from source', () => {
    const root = temporaryFolder();
    const sources: Readonly<Record<string, string>> = {
      'main.ts': "import { run } from './lib/cli/run';\n",
      'imports/x.ts': '',
      'lib/cli/run.ts':
        "const x = await import('../synth/a');\nexport * from '../environment';\nimport '../mlflow/m';\n",
      'lib/synth/a.ts': 'import type { Run } from \'../cli/run\';\nimport {\n  x,\n} from "../mlflow/m";\n',
      'lib/mlflow/m.ts': "import { z } from 'zod';\n",
      'lib/environment/index.ts': '',
    };
    for (const [name, source] of Object.entries(sources)) {
      mkdirSync(dirname(join(root, name)), { recursive: true });
      writeFileSync(join(root, name), source);
    }
    const imports = readImports(root);
    expect(imports.map(({ from, to }) => `${from} ${to}`).toSorted()).toEqual([
      'lib/cli/run.ts lib/environment/index.ts',
      'lib/cli/run.ts lib/mlflow/m.ts',
      'lib/cli/run.ts lib/synth/a.ts',
      'lib/synth/a.ts lib/cli/run.ts',
      'lib/synth/a.ts lib/mlflow/m.ts',
      'main.ts lib/cli/run.ts',
    ]);
    expect(layerFaults(imports)).toEqual([
      expect.stringContaining('lib/synth/a.ts imports lib/cli/run.ts'),
      expect.stringContaining('a circle'),
    ]);
    expect(describeLayers(imports)).toContain('lib/cli -> lib/synth (1)');
  });
});
