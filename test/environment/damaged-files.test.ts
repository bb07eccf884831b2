import {
  EMBEDDED_FILE,
  HOMELAB_FILE,
  InvalidFile,
  keyLines,
  PATCHED_FILE,
  POLICY_FILE,
  QUICKSTART_FILE,
  random,
  SMALL_FILE,
  withLine,
} from '../support/invalid-file';
import { LARGE_SAMPLE, sampleSize } from '../support/sample-size';
import { NO_ENVIRONMENTS, WRONG_VALUES } from './damaged-files.cases';

/** Whatever a file holds, each issue is one line with its location, and the output stays as it was. */

const files = new InvalidFile();
beforeAll(() => files.start());

/** Of lists, all in the large sample and about every sixth in the small one, the same ones whatever other tests draw. */
function fewOf(seed: number): <T>(items: readonly T[]) => readonly T[] {
  const next = random(seed);
  return (items) => (LARGE_SAMPLE ? items : items.filter(() => next(6) === 0));
}

describe('a file with one thing wrong is refused', () => {
  test('when a key is misspelt, and the issue is at the key and names the right one', async () => {
    const next = random(1);
    const few = fewOf(11);
    for (const text of [HOMELAB_FILE, EMBEDDED_FILE]) {
      for (const { index, indent, key, value } of few(keyLines(text))) {
        const at = next(key.length - 1);
        const wrong = [`${key.slice(0, at)}${key.slice(at + 1)}`, `${key}z`][next(2)] ?? '';
        const issues = await files.refuse(withLine(text, index, `${indent}${wrong}:${value ? ` ${value}` : ''}`));
        const place = `:${index + 1}:${indent.length + 1} `;
        expect(issues.some((line) => line.includes(place) && line.includes(`${wrong}: `))).toBe(true);
      }
    }
  });

  test('when a value is missing or of the wrong type, and the issue is at its key', async () => {
    const wrongs = [
      '',
      ' null',
      ' ~',
      ' [1, [2]]',
      ' { a: { b: 1 } }',
      ' 2001-12-14t21:59:43.10-05:00 x',
      ' "\\u0007\\e[31m"',
    ];
    const next = random(2);
    const few = fewOf(12);
    for (const text of [HOMELAB_FILE, PATCHED_FILE, POLICY_FILE, QUICKSTART_FILE, EMBEDDED_FILE]) {
      for (const { index, indent, key, value } of few(keyLines(text))) {
        if (value === undefined) continue;
        for (const wrong of [wrongs[next(3)], wrongs[3 + next(4)]]) {
          const issues = await files.mutate(withLine(text, index, `${indent}${key}:${wrong}`));
          if (issues !== 'valid' && [HOMELAB_FILE, EMBEDDED_FILE].includes(text)) files.expectAt(issues, index + 1);
        }
      }
    }
  });

  test('when a number, a quantity, a choice or a name is not what it may be', async () => {
    const few = fewOf(13);
    for (const [text, lenient] of [
      // Some are right in one place: the name of a database may be nearly anything, and a store may be of any release.
      [HOMELAB_FILE, ['name', 'nodePort']],
      [EMBEDDED_FILE, ['name', 'tag']],
    ] as const) {
      for (const { index, indent, key } of keyLines(text)) {
        for (const value of few(WRONG_VALUES[key] ?? [])) {
          const issues = await files.mutate(withLine(text, index, `${indent}${key}: ${value}`));
          if (issues === 'valid') expect(lenient).toContain(key);
          else files.expectAt(issues, index + 1);
        }
      }
    }
  });

  test('when a key is given twice or a line is indented with a tab', async () => {
    const few = fewOf(14);
    for (const { index, indent, key, value } of few(keyLines(HOMELAB_FILE))) {
      const line = HOMELAB_FILE.split('\n')[index] ?? '';
      const again = `${indent}${key}: ${value ?? '{}'}`;
      await files.refuse(withLine(HOMELAB_FILE, index, `${value ? line : again}\n${line}`));
      if (indent) await files.refuse(withLine(HOMELAB_FILE, index, `\t${line.trimStart()}`));
    }
  });
});

describe('a damaged file is refused', () => {
  test('when it was cut off, unless what is left is an environment', async () => {
    const next = random(3);
    const bytes = Buffer.from(HOMELAB_FILE);
    for (let count = 0; count < sampleSize(10, 40); count += 1)
      await files.mutate(bytes.subarray(0, next(Math.floor(bytes.length * 0.8))));
  });

  test('when bytes were changed, unless it is an environment all the same', async () => {
    const next = random(4);
    for (let count = 0; count < sampleSize(15, 60); count += 1) {
      const bytes = Buffer.from(HOMELAB_FILE.replaceAll(/ *#.*$/gm, ''));
      for (let flips = 0; flips < 1 + next(4); flips += 1) {
        const at = next(bytes.length);
        bytes.writeUInt8((bytes.readUInt8(at) ^ (1 << next(8))) & 0xff, at);
      }
      await files.mutate(bytes);
    }
  });

  test('when it is no text, no YAML or no environment at all', async () => {
    const next = random(5);
    const noise = Buffer.from(Array.from({ length: 500 }, () => next(256)));
    for (const text of [noise, ...NO_ENVIRONMENTS]) await files.refuse(text);
  });

  test('when its keys mean something to JavaScript', async () => {
    for (const key of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'toJSON']) {
      await files.refuse(`${key}: { polluted: true }\n${SMALL_FILE}`);
      await files.refuse(`${SMALL_FILE}server:\n  ${key}: { polluted: true }\n`);
      await files.refuse(`${SMALL_FILE}server: { options: { ${key}: 1 } }\n`);
      await files.refuse(`${SMALL_FILE}labels: { ${key}: { polluted: true } }\n`);
      await files.mutate(
        `${SMALL_FILE}labels: { ${key}: x }\nannotations: { ${key}: x }\nserver: { env: { ${key}: x } }\n`,
      );
      await files.refuse(`${PATCHED_FILE}      - { op: add, path: /${key}/polluted, value: true }\n`);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('when a patch leaves something that is no object of Kubernetes any more', async () => {
    const few = fewOf(15);
    const patch = (kind: string, ...operations: string[]) =>
      `${SMALL_FILE}patches:\n  - kind: ${kind}\n    name: mlflow\n    operations:\n${operations.map((line) => `      - { ${line} }\n`).join('')}`;
    for (const value of few(['null', '1', 'text', 'true', '[]', '[1]', '{}', '{ a: b }', '.nan'])) {
      for (const path of [
        '""',
        '/metadata',
        '/metadata/name',
        '/spec/template',
        '/spec/template/spec',
        '/spec/template/spec/containers',
      ]) {
        await files.mutate(patch('Deployment', `op: replace, path: ${path}, value: ${value}`));
      }
      await files.refuse(patch('Deployment', `op: replace, path: "", value: ${value}`));
      await files.refuse(patch('Deployment', `op: replace, path: /metadata, value: ${value}`));
      await files.mutate(patch('Service', `op: replace, path: /spec/ports, value: ${value}`));
      await files.mutate(patch('Service', `op: replace, path: /spec/selector, value: ${value}`));
    }
    for (const path of ['/metadata', '/metadata/name', '/kind', '/apiVersion', '""', '/spec/template/spec/volumes']) {
      await files.refuse(patch('Deployment', `op: remove, path: ${path}`));
    }
    await files.refuse(patch('Deployment', 'op: add, path: /spec/template/spec/containers/-'));
    await files.refuse(patch('Deployment', 'op: add, path: /spec/paused'));
  });
});

test('many different files were refused', () => {
  expect(files.refused.size).toBeGreaterThanOrEqual(sampleSize(120, 500));
});
