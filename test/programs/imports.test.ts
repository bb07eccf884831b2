import { type Programs, usedPrograms } from '../../lib/components/shared/programs';
import { readPrograms } from '../../lib/synth/programs';
import { run } from './process';
import { python, releases } from './tools';

/** The modules that a pod mounts are found without Python. Here they are compared with what Python's own parser finds. */

/** For each file, the files that its import statements read, and the names in it that import without a statement. */
const PARSER = `
import ast, json, sys

def imported(tree, folders):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = folders[: len(folders) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)

def files(programs, path):
    folders = path.split("/")[:-1]
    for name in [".".join(folders), *imported(ast.parse(programs[path]), folders)]:
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            module = "/".join(parts[:length])
            yield from (file for file in (f"{module}.py", f"{module}/__init__.py") if file in programs)

def dynamic(text):
    for node in ast.walk(ast.parse(text)):
        name = node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
        if name in ("__import__", "import_module", "run_module", "run_path", "exec", "eval"):
            yield name

programs = json.load(sys.stdin)
paths = [path for path in programs if path.endswith(".py")]
json.dump({path: [sorted({path, *files(programs, path)}), [*dynamic(programs[path])]] for path in paths}, sys.stdout)
`;

/** What Python finds in each program. */
async function parsed(programs: Programs): Promise<Record<string, [files: string[], dynamic: string[]]>> {
  const { code, stdout, stderr } = await run([python(releases[1]), '-c', PARSER], {}, JSON.stringify(programs));
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
}

/** The files that a program imports itself: without their texts, these import nothing. */
function found(programs: Programs, path: string): string[] {
  const alone = Object.fromEntries(Object.keys(programs).map((each) => [each, each === path ? programs[path] : '']));
  return Object.keys(usedPrograms(alone as Programs, [path]));
}

test('the imports of every program are those that Python finds, and all of them are statements', async () => {
  const programs = readPrograms();
  const expected = await parsed(programs);
  const paths = Object.keys(expected);
  expect(paths.map((path) => [path, found(programs, path)])).toEqual(paths.map((path) => [path, expected[path]?.[0]]));
  expect(paths.flatMap((path) => expected[path]?.[1] ?? [])).toEqual([]);
  expect(paths.length).toBeGreaterThan(30);
  expect(Object.values(expected).filter(([files]) => files.length > 2).length).toBeGreaterThan(20);
});

const MODULES = ['a', 'a/deep', 'common'].flatMap((folder) => [
  `${folder}/__init__.py`,
  ...['one', 'two', 'log'].map((name) => `${folder}/${name}.py`),
]);

describe('the imports are those that Python finds, in', () => {
  test.each([
    ['an import of a module', 'import common.log'],
    ['several modules with other names', 'import common.log as log, a.two , os'],
    ['several members with other names', 'from a import one as first, two as second, three'],
    ['a member of a module', 'from common.log import write'],
    ['all members', 'from a import *'],
    ['members in parentheses', 'from a import (one, two)'],
    ['members on several lines', 'from a import (\n    one,\n    two as second,\n)\n'],
    ['comments between members', 'from a import (  # (see below)\n    one,  # not common.log, but\n    two,\n)'],
    ['a relative import of a module', 'from . import one'],
    ['a relative import of a member', 'from .deep.two import x'],
    ['a relative import without spaces', 'from.deep import(log)'],
    ['a line that goes on', 'from a import one, \\\n    two\nimport \\\n  common.log'],
    ['semicolons', 'import os; import common.log; from a import one; x = 1'],
    ['a statement after a colon', 'if True: import common.log\ntry: from a import one\nexcept ImportError: pass'],
    ['an import in a function', 'def f():\n\tfrom a import (\n\t\tone)\n\timport common.log'],
    ['an import for types', 'from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from common.log import Log'],
    ['a docstring', '"""Text.\n\nimport common.log\nfrom a import one\n"""\nimport a.two'],
    ['a docstring in apostrophes', "'''\nimport common.log # '''\nimport a.two"],
    ['quotes in strings', 'x = "\'"; y = \'"""\'\nimport common.log\nz = """a " b"""\nimport a.one\nw = \'\''],
    [
      'escaped quotes',
      'x = "\\""; y = \'\\\\\'\nimport common.log\nz = r"\\\\"\nimport a.one\nw = """\\"""import a.two"""',
    ],
    ['strings that look like comments', 'x = "#"\nimport common.log # "\nfrom a import one # import a.two'],
    ['a comment', '# import common.log\nx = 1  # from a import one'],
    ['a string over several lines', 'x = "a \\\nimport common.log"\nf"""{x}\nimport a.one\n"""'],
    ['names that contain the words', 'important = from_ = 1\nreimport = important\nx = [from_, reimport]'],
    ['from without import', 'def f():\n    yield from common\n    raise ValueError from None\nimport a.one'],
  ])('%s', async (_, text) => {
    const programs = { ...Object.fromEntries(MODULES.map((path) => [path, ''])), 'a/__main__.py': text };
    const expected = await parsed(programs);
    expect(found(programs, 'a/__main__.py')).toEqual(expected['a/__main__.py']?.[0]);
  });

  test('a package in a package', async () => {
    const text = 'from .. import one\nfrom ..deep import two\nfrom ... import common\nfrom . import log';
    const programs = { ...Object.fromEntries(MODULES.map((path) => [path, ''])), 'a/deep/main.py': text };
    const expected = await parsed(programs);
    expect(found(programs, 'a/deep/main.py')).toEqual(expected['a/deep/main.py']?.[0]);
    expect(expected['a/deep/main.py']?.[0]).toEqual(
      [
        'a/__init__.py',
        'a/deep/__init__.py',
        'a/deep/log.py',
        'a/deep/main.py',
        'a/deep/two.py',
        'a/one.py',
      ].toSorted(),
    );
  });
});
