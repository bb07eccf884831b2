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

/** Whatever a file holds, each issue is one line with its location, and the output stays as it was. */

const files = new InvalidFile();
beforeAll(() => files.start());

/** Of a list, all in the large sample and every sixth in the small one, beginning with another at each call. */
let begin = 0;
function few<T>(items: readonly T[]): readonly T[] {
  begin += 1;
  return LARGE_SAMPLE ? items : items.filter((_, index) => (index + begin) % 6 === 0);
}

describe('a file with one thing wrong is refused', () => {
  test('when a key is misspelt, and the issue is at the key and names the right one', async () => {
    const next = random(1);
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
    const wrong: Readonly<Record<string, readonly string[]>> = {
      port: [
        '0',
        '-1',
        '65536',
        '1.5',
        '99999999999999999999999',
        '1e999',
        '.inf',
        '.nan',
        '0x1FFFF',
        '0o777777',
        '"80"',
        '8_0',
      ],
      nodePort: ['29999', '32768', 'yes', '030800x'],
      cpu: ['0', '-1', '2x', 'two', '1e-9', '.inf', '1.2.3', '1 2', '0.0001', 'yes', '""'],
      memory: ['0', '-1Gi', '16gi', '16GB', '16 Gi', 'Gi', '1e999', '16Gib', '.nan', '""', '٣Gi', '1_000Mi'],
      size: ['0Gi', '10G i', 'ten', '-.5Gi', '1Zi', '10', '1048575', '1023Ki', '1000k'],
      type: ['clusterip', 'ExternalName', 'Loadbalancer', '1', 'yes'],
      access: ['proxy', 'PROXIED', '""', '[]'],
      provider: ['sealde', 'yes'],
      accessMode: ['RWX', 'ReadWriteMany ,'],
      enabled: ['yes', 'on', '1', '"true"', 'TRUE!'],
      repository: ['UPPER/case', 'with:tag:two', 'a//b', '/a', 'http://a/b', 'a b', '😀'],
      tag: ['3.10', '3', '1e3', '"a b"', '-x', 'latest', '3.0.9', '2.22.1', '"3.1"', '😀'],
      host: ['postgres:5432', 'a b', '-a', 'http://a', 'a,b', '"a\\u2028b"', '""', '😀'],
      bucket: ['My-Bucket', 'ab', 'a_b', 'a/b', '-abc', 's3://abc', `"${'a'.repeat(64)}"`],
      endpoint: [
        'minio:9000',
        'ftp://a',
        'http://',
        'http://a/b',
        'http://u:p@a',
        '"http://a b"',
        'http://a?x',
        'http://a:b',
        'http://a:99999',
        '"http://[::1"',
        'http://[x]',
        'http://%zz',
        '9000',
      ],
      loadBalancerIP: ['192.168.1.256', '192.168.1', 'mlflow', '192.168.1.1/32', '3232235777'],
      name: ['UPPER', '1abc', 'a_b', '-a', 'a-', 'a.b', '""', '"\\ud83d"', `"${'a'.repeat(64)}"`],
      secret: ['A', 'a/b', '-a', 'a..b', `"${'a'.repeat(254)}"`],
      usernameKey: ['a b', 'a/b', '""', '"\\n"'],
      pullSecret: ['A', '..'],
      storageClass: ['Fast', '""'],
    };
    for (const [text, lenient] of [
      // Some are right in one place: the name of a database may be nearly anything, and a store may be of any release.
      [HOMELAB_FILE, ['name', 'nodePort']],
      [EMBEDDED_FILE, ['name', 'tag']],
    ] as const) {
      for (const { index, indent, key } of keyLines(text)) {
        for (const value of few(wrong[key] ?? [])) {
          const issues = await files.mutate(withLine(text, index, `${indent}${key}: ${value}`));
          if (issues === 'valid') expect(lenient).toContain(key);
          else files.expectAt(issues, index + 1);
        }
      }
    }
  });

  test('when a key is given twice or a line is indented with a tab', async () => {
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
    const deep = (open: string, close: string) => `labels: ${open.repeat(100)}x${close.repeat(100)}\n${SMALL_FILE}`;
    const bomb = Array.from(
      { length: 12 },
      (_, level) => `b${level}: &b${level} [${`*b${level - 1},`.repeat(level ? 9 : 0)}x]\n`,
    );
    const texts: readonly (string | Buffer)[] = [
      noise,
      Buffer.from([0]),
      Buffer.from(`${SMALL_FILE}labels: { a: é }\n`, 'latin1'),
      Buffer.from(`\ufeff${SMALL_FILE}`, 'utf16le'),
      Buffer.from(SMALL_FILE, 'utf16le'),
      Buffer.from(`${SMALL_FILE}\u0000`),
      ...[
        '',
        '\n\n',
        '# only\n# comments\n',
        '---\n',
        '...\n',
        'null\n',
        '~',
        '{}',
        '[]',
        '- a\n- b\n',
        'text',
        '1',
        '"',
        "'",
        '|',
        '? ',
        ':',
      ],
      ...[
        '!!binary aGk=',
        '&a',
        '*a',
        '%YAML 1.2',
        '%TAG',
        '@',
        '`',
        '\t',
        '{',
        '[',
        '}',
        ']',
        ',',
        '{a',
        '[a',
        'a: b: c',
        'a:\n- b\nc',
      ],
      `${SMALL_FILE}---\n${SMALL_FILE}`,
      `${SMALL_FILE}...\nmore: documents\n`,
      `${bomb.join('')}${SMALL_FILE}labels: *b11\n`,
      `labels: &a\n  x: *a\n${SMALL_FILE}`,
      `&a\nlabels: *a\n${SMALL_FILE}`,
      `labels: *nowhere\n${SMALL_FILE}`,
      deep('[', ']'),
      deep('{a: ', '}'),
      `labels:\n${Array.from({ length: 100 }, (_, level) => `${' '.repeat(level + 1)}a:\n`).join('')}${SMALL_FILE}`,
      `${'['.repeat(8000)}\n`,
      `${'- '.repeat(5000)}\n`,
      `${SMALL_FILE}#${'x'.repeat(2 * 1024 * 1024)}\n`,
      `labels: !mine { a: b }\n${SMALL_FILE}`,
      `name: !!set { a }\n${SMALL_FILE}`,
      `name: !!int three\n${SMALL_FILE}`,
      `labels: { <<: { a: b } }\n${SMALL_FILE}`,
      `x: &x { a: b }\nlabels:\n  <<: *x\n${SMALL_FILE}`,
      `%YAML 1.1\n---\nlabels: { <<: { a: b } }\n${SMALL_FILE}`,
      `%YAML 1.1\n---\nname: !!binary aGk=\n${SMALL_FILE}`,
      `%YAML 1.1\n---\nname: 2001-12-14\n${SMALL_FILE}`,
      `? { a: b }\n: c\n${SMALL_FILE}`,
      `? [a]\n: c\n${SMALL_FILE}`,
      `: c\n${SMALL_FILE}`,
      `null: c\n${SMALL_FILE}`,
      `1: c\n${SMALL_FILE}`,
      `"\\u2028\\e[31m\\0": c\n${SMALL_FILE}`,
      `"${'k'.repeat(5000)}": c\n${SMALL_FILE}`,
      `😀: c\n${SMALL_FILE}`,
      `${SMALL_FILE}${Array.from({ length: 300 }, (_, index) => `k${index}: 1\n`).join('')}`,
    ];
    for (const text of texts) await files.refuse(text);
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
