import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { command, contentsOf, issueLines, ROOT, temporaryFolder } from '../support/support';

/** Bad input: whatever a file holds, each issue is one line with its place, and the output stays as it was. */

// Without the provider by which the file would be bound to another one; `test/synth/sealed-secrets.test.ts` damages that.
const HOMELAB = readFileSync(join(ROOT, 'environments', 'homelab', 'environment.yaml'), 'utf8').replace(
  'provider: sealed',
  'provider: existing',
);
const SMALL = 'database:\n  host: postgres\nartifacts:\n  s3:\n    bucket: artifacts\n';
const QUICKSTART = readFileSync(join(ROOT, 'environments', 'quickstart', 'environment.yaml'), 'utf8');
const STORE = (tag: string, name: string) =>
  `  embedded:\n    image:\n      repository: docker.io/x/y\n      tag: ${tag}\n    storage:\n      name: ${name}\n      size: 1Gi\n      storageClass: fast\n    resources:\n      requests:\n        cpu: 100m\n        memory: 64Mi\n      limits:\n        cpu: 1\n        memory: 1Gi\n`;
const EMBEDDED = `database:\n${STORE('17.11-trixie', 'a')}artifacts:\n${STORE('v1.7.0', 'b')}secrets:\n  provider: generated\n`;
const PATCHED = `${SMALL}patches:\n  - kind: Service\n    name: mlflow\n    operations:\n      - { op: add, path: /spec/sessionAffinity, value: ClientIP }\n`;
const POLICY = `${SMALL}server:\n  tolerations:\n    - { key: a, value: b }\n  envFrom: [{ secret: more }]\nnetworkPolicy:\n  egress: [{ cidr: 10.0.0.0/8, ports: [1] }]\n`;

/** The folder of the tests, and in it the one environment that is broken again and again. */
let folder = '';
let before: Record<string, string> = {};
const refused = new Set<string>();

const environmentFile = () => join(folder, 'environments', 'broken', 'environment.yaml');
// The default command: where one is named, yargs lays out its help for whatever may come, which takes as long as the rest.
const synth = () => ['--environments', join(folder, 'environments'), '--out', join(folder, 'dist')];

function write(file: string, content: string | Buffer): void {
  rmSync(file, { recursive: true, force: true });
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
}

/** Puts the output back that was there before a valid file changed it. */
function restoreOutput(): void {
  rmSync(join(folder, 'dist'), { recursive: true });
  for (const [path, bytes] of Object.entries(before)) write(join(folder, 'dist', path), Buffer.from(bytes, 'latin1'));
}

beforeAll(async () => {
  folder = temporaryFolder();
  write(environmentFile(), HOMELAB);
  expect(await command(...synth())).toMatchObject({ code: 0 });
  write(join(folder, 'dist', 'broken', 'foreign.yaml'), 'kind: Foreign\n');
  before = contentsOf(join(folder, 'dist'));
  expect(Object.keys(before).length).toBeGreaterThan(5);
});

/** One line of the form `file:line:column what is wrong`, for a file and a line that are there. */
function expectIssueLine(line: string): void {
  const [, file = '', row, column] = /^(.+?):(\d+):(\d+) \S.*\S$/.exec(line) ?? [];
  if (!file.startsWith(join(folder, 'environments'))) throw new Error(`not an issue with its place: ${line}`);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not reach a terminal
  expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
  expect(line).not.toContain('    at ');
  expect(Number(row)).toBeGreaterThan(0);
  expect(Number(column)).toBeGreaterThan(0);
  expect(Number(row)).toBeLessThanOrEqual(lengthOf(file));
}

function lengthOf(file: string): number {
  try {
    return readFileSync(file, 'latin1').split('\n').length;
  } catch {
    return 1;
  }
}

/** Runs the command on a file. A valid one is recognised as such, and not counted. */
async function mutate(content: string | Buffer): Promise<readonly string[] | 'valid'> {
  write(environmentFile(), content);
  const { code, issues, stdout } = await command(...synth());
  if (code === 0) {
    expect(issues).toEqual([]);
    restoreOutput();
    return 'valid';
  }
  try {
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(issues.length).toBeGreaterThan(0);
    for (const line of issues) expectIssueLine(line);
    expect(contentsOf(join(folder, 'dist'))).toEqual(before);
  } catch (error) {
    throw new Error(
      `${(error as Error).message}\n${issues.join('\n')}\nfor the file:\n${content.toString().slice(0, 3000)}`,
    );
  }
  refused.add(content.toString('latin1'));
  return issues;
}

async function refuse(content: string | Buffer): Promise<readonly string[]> {
  const issues = await mutate(content);
  if (issues === 'valid') throw new Error(`this was taken for valid:\n${content.toString().slice(0, 3000)}`);
  return issues;
}

/** Some issue is at a line of the environment's file. */
function expectAt(issues: readonly string[], line: number): void {
  if (!issues.some((issue) => issue.startsWith(`${environmentFile()}:${line}:`))) {
    throw new Error(`no issue at line ${line}:\n${issues.join('\n')}\n${readFileSync(environmentFile(), 'utf8')}`);
  }
}

/** A small generator of random numbers below a bound, the same ones at every run. */
function random(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

/** The lines `key: value` of a text: where they are, and their parts. */
function keyLines(text: string) {
  return text.split('\n').flatMap((line, index) => {
    const match = /^(\s*(?:- )?)([A-Za-z]\w*):(?: +([^#\s{[][^#]*?))?(\s*#.*)?$/.exec(line);
    return match ? [{ index, indent: match[1] ?? '', key: match[2] ?? '', value: match[3] }] : [];
  });
}

const withLine = (text: string, index: number, line: string) =>
  text
    .split('\n')
    .map((old, at) => (at === index ? line : old))
    .join('\n');

describe('a file with one thing wrong is refused', () => {
  test('when a key is misspelt, and the issue is at the key and names the right one', async () => {
    const next = random(1);
    for (const text of [HOMELAB, EMBEDDED]) {
      for (const { index, indent, key, value } of keyLines(text)) {
        const at = next(key.length - 1);
        const wrong = [`${key.slice(0, at)}${key.slice(at + 1)}`, `${key}z`][next(2)] ?? '';
        const issues = await refuse(withLine(text, index, `${indent}${wrong}:${value ? ` ${value}` : ''}`));
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
    for (const text of [HOMELAB, PATCHED, POLICY, QUICKSTART, EMBEDDED]) {
      for (const { index, indent, key, value } of keyLines(text)) {
        if (value === undefined) continue;
        for (const wrong of [wrongs[next(3)], wrongs[3 + next(4)]]) {
          const issues = await mutate(withLine(text, index, `${indent}${key}:${wrong}`));
          if (issues !== 'valid' && [HOMELAB, EMBEDDED].includes(text)) expectAt(issues, index + 1);
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
      [HOMELAB, ['name', 'nodePort']],
      [EMBEDDED, ['name', 'tag']],
    ] as const) {
      for (const { index, indent, key } of keyLines(text)) {
        for (const value of wrong[key] ?? []) {
          const issues = await mutate(withLine(text, index, `${indent}${key}: ${value}`));
          if (issues === 'valid') expect(lenient).toContain(key);
          else expectAt(issues, index + 1);
        }
      }
    }
  });

  test('when a key is given twice or a line is indented with a tab', async () => {
    for (const { index, indent, key, value } of keyLines(HOMELAB)) {
      const line = HOMELAB.split('\n')[index] ?? '';
      const again = `${indent}${key}: ${value ?? '{}'}`;
      await refuse(withLine(HOMELAB, index, `${value ? line : again}\n${line}`));
      if (indent) await refuse(withLine(HOMELAB, index, `\t${line.trimStart()}`));
    }
  });
});

describe('a damaged file is refused', () => {
  test('when it was cut off, unless what is left is an environment', async () => {
    const next = random(3);
    const bytes = Buffer.from(HOMELAB);
    for (let count = 0; count < 40; count += 1) await mutate(bytes.subarray(0, next(Math.floor(bytes.length * 0.8))));
  });

  test('when bytes were changed, unless it is an environment all the same', async () => {
    const next = random(4);
    for (let count = 0; count < 60; count += 1) {
      const bytes = Buffer.from(HOMELAB.replaceAll(/ *#.*$/gm, ''));
      for (let flips = 0; flips < 1 + next(4); flips += 1) {
        const at = next(bytes.length);
        bytes.writeUInt8((bytes.readUInt8(at) ^ (1 << next(8))) & 0xff, at);
      }
      await mutate(bytes);
    }
  });

  test('when it is no text, no YAML or no environment at all', async () => {
    const next = random(5);
    const noise = Buffer.from(Array.from({ length: 500 }, () => next(256)));
    const deep = (open: string, close: string) => `labels: ${open.repeat(100)}x${close.repeat(100)}\n${SMALL}`;
    const bomb = Array.from(
      { length: 12 },
      (_, level) => `b${level}: &b${level} [${`*b${level - 1},`.repeat(level ? 9 : 0)}x]\n`,
    );
    const files: readonly (string | Buffer)[] = [
      noise,
      Buffer.from([0]),
      Buffer.from(`${SMALL}labels: { a: é }\n`, 'latin1'),
      Buffer.from(`\ufeff${SMALL}`, 'utf16le'),
      Buffer.from(SMALL, 'utf16le'),
      Buffer.from(`${SMALL}\u0000`),
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
      `${SMALL}---\n${SMALL}`,
      `${SMALL}...\nmore: documents\n`,
      `${bomb.join('')}${SMALL}labels: *b11\n`,
      `labels: &a\n  x: *a\n${SMALL}`,
      `&a\nlabels: *a\n${SMALL}`,
      `labels: *nowhere\n${SMALL}`,
      deep('[', ']'),
      deep('{a: ', '}'),
      `labels:\n${Array.from({ length: 100 }, (_, level) => `${' '.repeat(level + 1)}a:\n`).join('')}${SMALL}`,
      `${'['.repeat(8000)}\n`,
      `${'- '.repeat(5000)}\n`,
      `${SMALL}#${'x'.repeat(2 * 1024 * 1024)}\n`,
      `labels: !mine { a: b }\n${SMALL}`,
      `name: !!set { a }\n${SMALL}`,
      `name: !!int three\n${SMALL}`,
      `labels: { <<: { a: b } }\n${SMALL}`,
      `x: &x { a: b }\nlabels:\n  <<: *x\n${SMALL}`,
      `%YAML 1.1\n---\nlabels: { <<: { a: b } }\n${SMALL}`,
      `%YAML 1.1\n---\nname: !!binary aGk=\n${SMALL}`,
      `%YAML 1.1\n---\nname: 2001-12-14\n${SMALL}`,
      `? { a: b }\n: c\n${SMALL}`,
      `? [a]\n: c\n${SMALL}`,
      `: c\n${SMALL}`,
      `null: c\n${SMALL}`,
      `1: c\n${SMALL}`,
      `"\\u2028\\e[31m\\0": c\n${SMALL}`,
      `"${'k'.repeat(5000)}": c\n${SMALL}`,
      `😀: c\n${SMALL}`,
      `${SMALL}${Array.from({ length: 300 }, (_, index) => `k${index}: 1\n`).join('')}`,
    ];
    for (const file of files) await refuse(file);
  });

  test('when its keys mean something to JavaScript', async () => {
    for (const key of ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'valueOf', 'toJSON']) {
      await refuse(`${key}: { polluted: true }\n${SMALL}`);
      await refuse(`${SMALL}server:\n  ${key}: { polluted: true }\n`);
      await refuse(`${SMALL}server: { options: { ${key}: 1 } }\n`);
      await refuse(`${SMALL}labels: { ${key}: { polluted: true } }\n`);
      await mutate(`${SMALL}labels: { ${key}: x }\nannotations: { ${key}: x }\nserver: { env: { ${key}: x } }\n`);
      await refuse(`${PATCHED}      - { op: add, path: /${key}/polluted, value: true }\n`);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  test('when a patch leaves something that is no object of Kubernetes any more', async () => {
    const patch = (kind: string, ...operations: string[]) =>
      `${SMALL}patches:\n  - kind: ${kind}\n    name: mlflow\n    operations:\n${operations.map((line) => `      - { ${line} }\n`).join('')}`;
    for (const value of ['null', '1', 'text', 'true', '[]', '[1]', '{}', '{ a: b }', '.nan']) {
      for (const path of [
        '""',
        '/metadata',
        '/metadata/name',
        '/spec/template',
        '/spec/template/spec',
        '/spec/template/spec/containers',
      ]) {
        await mutate(patch('Deployment', `op: replace, path: ${path}, value: ${value}`));
      }
      await refuse(patch('Deployment', `op: replace, path: "", value: ${value}`));
      await refuse(patch('Deployment', `op: replace, path: /metadata, value: ${value}`));
      await mutate(patch('Service', `op: replace, path: /spec/ports, value: ${value}`));
      await mutate(patch('Service', `op: replace, path: /spec/selector, value: ${value}`));
    }
    for (const path of ['/metadata', '/metadata/name', '/kind', '/apiVersion', '""', '/spec/template/spec/volumes']) {
      await refuse(patch('Deployment', `op: remove, path: ${path}`));
    }
    await refuse(patch('Deployment', 'op: add, path: /spec/template/spec/containers/-'));
    await refuse(patch('Deployment', 'op: add, path: /spec/paused'));
  });
});

describe('a file that extends another is refused', () => {
  const base = () => join(folder, 'environments', 'base.yaml');
  const extending = (name: string, content: string | Buffer) => {
    write(base(), content);
    return refuse(`extends: ${name}\n${SMALL}`);
  };

  test('when the other is not there, is itself, leads back, or is no path', async () => {
    for (const name of [
      '../missing.yaml',
      'environment.yaml',
      './environment.yaml',
      '..',
      '.',
      '""',
      '1',
      '[]',
      '{}',
      'null',
      '~',
      '"a\\0b"',
    ]) {
      await extending(name, SMALL);
    }
    write(join(folder, 'environments', 'back.yaml'), 'extends: base.yaml\n');
    await extending('../base.yaml', 'extends: back.yaml\n');
    await extending('../base.yaml', 'extends: base.yaml\n');
    expect((await extending('../base.yaml', 'extends: broken/environment.yaml\n'))[0]).toContain(
      'base.yaml:1:1 extends',
    );
  });

  test('when the other has an issue, which is shown there', async () => {
    const broken = [
      'a: [',
      'nmae: x\n',
      'service: { port: 0 }\n',
      '',
      '- a\n',
      '\u0000',
      'extends: ../nowhere/base.yaml\n',
    ];
    for (const content of broken) {
      const issues = await extending('../base.yaml', content);
      expect(issues.some((line) => line.startsWith(`${base()}:1:`))).toBe(true);
    }
  });

  test('at the line that names it, when the other cannot be read', async () => {
    const [issue] = await extending('../missing.yaml', SMALL);
    expect(issue).toMatch(`${environmentFile()}:1:1 extends: `);
    expect(issue).toContain('missing.yaml');
  });
});

describe('an issue says where it is and what would be right', () => {
  /** A file, and for each of its issues in order: the place, the key, and words of the message. */
  const cases: readonly (readonly [string, string, readonly (readonly [string, string, RegExp])[]])[] = [
    ['an unknown key', `${SMALL}serivce: {}\n`, [['6:1', 'serivce', /service/]]],
    ['an unknown key that is near none', `${SMALL}qqqqqqqq: {}\n`, [['6:1', 'qqqqqqqq', /database.*artifacts/]]],
    [
      'an unknown key in a list',
      `${SMALL}patches:\n  - kind: A\n    nmae: b\n    name: b\n    operations: [{ op: remove, path: /a }]\n`,
      [['8:5', 'patches[0].nmae', /name/]],
    ],
    [
      'issues of many kinds, in the order of the file',
      `service:\n  port: 70000\n  tpye: NodePort\n${SMALL}auth: { defaultPermission: WRITE }\nname: A\n`,
      [
        ['2:3', 'service.port', /70000.*65535/],
        ['3:3', 'service.tpye', /type/],
        ['9:9', 'auth.defaultPermission', /READ, EDIT, MANAGE, NO_PERMISSIONS/],
        ['10:1', 'name', /lower case/],
      ],
    ],
    ['a number for a tag', `${SMALL}image:\n  tag: 3.10\n`, [['7:3', 'image.tag', /quotes/]]],
    ['a value that is missing', `${SMALL}auth:\n  secret:\n`, [['7:3', 'auth.secret', /no value/]]],
    [
      'what every environment needs',
      'name: x\n',
      [
        ['1:1', 'database.host', /missing/],
        ['1:1', 'artifacts.s3.bucket', /missing/],
      ],
    ],
    [
      'a store that is only switched on',
      'database:\n  embedded: true\nartifacts:\n  embedded:\n  s3: {}\n',
      [
        ['2:3', 'database.embedded', /is true .*\{\} for its defaults/],
        ['4:3', 'artifacts.embedded', /has no value \(write \{\} for its defaults/],
      ],
    ],
    [
      'a store of its own beside one elsewhere',
      'database:\n  embedded: {}\n  host: postgres\n  port: 5433\nartifacts:\n  embedded: {}\n  access: direct\n  s3:\n    endpoint: http://minio:9000\n    addressingStyle: virtual\n',
      [
        ['3:3', 'database.host', /remove one of the two/],
        ['4:3', 'database.port', /5432/],
        ['7:3', 'artifacts.access', /proxied/],
        ['9:5', 'artifacts.s3.endpoint', /remove one of the two/],
        ['10:5', 'artifacts.s3.addressingStyle', /path/],
      ],
    ],
    [
      'a claim that two would use, and a name that is too long for Jobs',
      `name: ${'n'.repeat(40)}\n${EMBEDDED.replace('name: b', 'name: a')}`,
      [
        ['1:1', 'name', /40 characters.*34/],
        ['24:7', 'artifacts.embedded.storage.name', /another claim/],
      ],
    ],
    [
      'keys of a generated Secret that are the same',
      `secrets: { provider: generated }\nauth: { passwordKey: a, flaskSecretKeyKey: a }\n${SMALL}`,
      [['2:25', 'auth.flaskSecretKeyKey', /is a, .*name another key/]],
    ],
    [
      'a place in a list',
      `${SMALL}networkPolicy:\n  clients:\n    cidrs:\n      - 10.0.0.0/8\n      - 10.0.0.0/33\n`,
      [['10:9', 'networkPolicy.clients.cidrs[1]', /address block/]],
    ],
    [
      'characters that no sign stands for',
      `${SMALL}labels: { a: b }\nannotations: { note: "a\\x7fb", more: "\\x85", nul: "\\0" }\n`,
      [
        ['7:16', 'annotations.note', /U\+007F.*remove it/],
        ['7:32', 'annotations.more', /U\+0085/],
        ['7:46', 'annotations.nul', /U\+0000/],
      ],
    ],
    ['a key that needs another', `${SMALL}service: { nodePort: 30800 }\n`, [['6:12', 'service.nodePort', /NodePort/]]],
    [
      'two keys that must differ, and a wrong type elsewhere, in one run',
      `${SMALL.replace('host: postgres', 'host: postgres\n  authName: mlflow')}mlflowVersion: 3.5.1\nimage: { digest: "sha256:${'0'.repeat(64)}" }\nservice: { port: "80" }\n`,
      [
        ['3:3', 'database.authName', /use 3\.6\.0 or newer/],
        ['9:12', 'service.port', /a number/],
      ],
    ],
    [
      'certificates that are needed',
      `${SMALL.replace('host: postgres', 'host: postgres\n  tls: { mode: verify-full }')}`,
      [['3:3', 'database.tls.ca', /verify-full/]],
    ],
    [
      'certificates of two sources',
      `${SMALL}    tls: { ca: { secret: a, configMap: b } }\n`,
      [['6:12', 'artifacts.s3.tls.ca', /either/]],
    ],
    [
      'a request above its limit',
      `${SMALL}server:\n  resources:\n    requests: { memory: 4Gi }\n    limits: { memory: 2048Mi }\n`,
      [['8:17', 'server.resources.requests.memory', /2Gi/]],
    ],
    [
      'a taint that is not compared',
      `${SMALL}server:\n  tolerations: [{ operator: Exists, value: x }]\n`,
      [['7:17', 'server.tolerations[0]', /Exists/]],
    ],
    [
      'a volume that cannot be shared',
      `${SMALL}server: { replicas: 2 }\nstorage: { data: { mountPath: /data } }\n`,
      [['6:11', 'server.replicas', /ReadWriteMany/]],
    ],
    [
      'a path that is taken',
      `${SMALL}storage: { data: { mountPath: /tmp/x } }\n`,
      [['6:20', 'storage.data.mountPath', /\/data/]],
    ],
    [
      'a path that leads back',
      `${SMALL}storage: { data: { mountPath: /data/../tmp } }\n`,
      [['6:20', 'storage.data.mountPath', /\.\./]],
    ],
    [
      'seconds of a taint that ends no pod',
      `${SMALL}server:\n  tolerations: [{ key: a, tolerationSeconds: 5 }]\n`,
      [['7:27', 'server.tolerations[0].tolerationSeconds', /NoExecute/]],
    ],
    [
      'an egress rule of two destinations',
      `${SMALL}networkPolicy: { egress: [{ namespace: a, cidr: 10.0.0.0/8 }] }\n`,
      [['6:27', 'networkPolicy.egress[0]', /either/]],
    ],
    ['a release that is too old', `${SMALL}image: { tag: 2.22.0 }\n`, [['6:10', 'image.tag', /2\.22\.0.*3\.1\.0/]]],
    ['a tag that names no release', `${SMALL}image: { tag: latest }\n`, [['6:10', 'image.tag', /mlflowVersion/]]],
    [
      'a digest without a release',
      `${SMALL}image: { digest: "sha256:${'a'.repeat(64)}" }\n`,
      [['6:10', 'image.digest', /mlflowVersion/]],
    ],
    ['the bare official image', `${SMALL}image: { tag: v3.18.0 }\n`, [['6:10', 'image.tag', /-full/]]],
    [
      'an official image that lacks authentication',
      `${SMALL}image: { tag: v3.11.1-full }\n`,
      [['6:10', 'image.tag', /3\.14\.0/]],
    ],
    [
      'authentication that is broken in a release',
      `${SMALL}image: { repository: own/mlflow, tag: 3.3.2 }\nauth: { enabled: true }\n`,
      [['7:9', 'auth.enabled', /3\.3\.2.*3\.4\.0/]],
    ],
    [
      'options that the release does not know, that are none, or have a key of their own',
      `${SMALL}image: { repository: own/mlflow, tag: 3.1.0 }\nserver:\n  options:\n    uvicorn-opts: x\n    x-frame-optoins: DENY\n    workers: 2\n    enable-workspaces: 1\n    allowed-hosts: a\n`,
      [
        ['9:5', 'server.options.uvicorn-opts', /3\.1\.0.*3\.3\.0/],
        ['10:5', 'server.options.x-frame-optoins', /x-frame-options/],
        ['11:5', 'server.options.workers', /server\.workers/],
        ['12:5', 'server.options.enable-workspaces', /3\.10\.0/],
        ['13:5', 'server.options.allowed-hosts', /server\.allowedHosts/],
      ],
    ],
    [
      'an option out of its bounds',
      `${SMALL}server: { options: { secrets-cache-ttl: 5 } }\n`,
      [['6:22', 'server.options.secrets-cache-ttl', /10 to 300/]],
    ],
    [
      'too little memory',
      `${SMALL}server: { workers: 16 }\n`,
      [
        ['1:1', 'database.maxConnections', /100/],
        ['6:1', 'server.resources.limits.memory', /16 workers/],
      ],
    ],
    [
      'temporary storage that is larger than the disk of the container',
      `${SMALL}server:\n  temporaryStorage: 10Gi\n  resources: { limits: { ephemeral-storage: 5Gi } }\n`,
      [['7:3', 'server.temporaryStorage', /limit of 5Gi/]],
    ],
    [
      'certificates of the database that nothing would be checked against',
      `${SMALL.replace('artifacts', '  tls: { mode: require, ca: { secret: x } }\nartifacts')}`,
      [['3:10', 'database.tls.mode', /verify-full/]],
    ],
    [
      "a namespace of the cluster's own",
      `${SMALL}namespace: { name: kube-system }\n`,
      [['6:14', 'namespace.name', /create: false/]],
    ],
    [
      'an official image that does not exist',
      `${SMALL}image: { tag: v3.8.0-full }\nauth: { enabled: false }\n`,
      [['6:10', 'image.tag', /3\.9\.0/]],
    ],
    [
      'text that Flux would replace',
      `${SMALL}server:\n  env: { A: "${'$'}{B}" }\n`,
      [['7:10', 'server.env.A', /Flux/]],
    ],
    [
      'text that the kubelet would replace in an argument',
      `${SMALL.replace('host: ', 'name: $(PGPASSWORD)\n  host: ')}`,
      [['2:3', 'database.name', /\$/]],
    ],
    [
      'an issue of the model and one of the release',
      `${SMALL}image: { tag: v3.9.0-full }\nservice: { prot: 1 }\n`,
      [
        ['6:10', 'image.tag', /3\.14\.0/],
        ['7:12', 'service.prot', /port/],
      ],
    ],
    ['too few connections', `${SMALL}server: { replicas: 20 }\n`, [['1:1', 'database.maxConnections', /40 pods/]]],
    [
      "a variable that is the server's own",
      `${SMALL}server:\n  env: { PGPASSWORD: x, A: b }\n`,
      [['7:10', 'server.env.PGPASSWORD', /itself/]],
    ],
    [
      'a patch that matches nothing',
      `${SMALL}patches:\n  - { kind: Service, name: x, operations: [{ op: remove, path: /spec }] }\n`,
      [['7:5', 'patches[0]', /Service mlflow/]],
    ],
    [
      'a patch that does not apply',
      `${SMALL}patches:\n  - { kind: Service, name: mlflow, operations: [{ op: remove, path: /x }] }\n`,
      [['7:49', 'patches[0].operations[0]', /\/x/]],
    ],
    [
      'a patch without its value',
      `${SMALL}patches:\n  - { kind: Service, name: mlflow, operations: [{ op: add, path: /x }] }\n`,
      [['7:49', 'patches[0].operations[0].value', /missing/]],
    ],
    ['tabs', 'database:\n\thost: x\n', [['2:1', '', /[Tt]ab/]]],
    ['a key given twice', `${SMALL}name: a\nname: b\n`, [['7:1', 'name', /given twice/]]],
    ['two documents', `${SMALL}---\n${SMALL}`, [['6:1', '', /more than one/]]],
  ];

  test.each(cases)('%s', async (_, content, wanted) => {
    const issues = await refuse(content);
    const places = issues.map((line) => line.slice(environmentFile().length + 1));
    const start = ([place, key]: readonly [string, string, RegExp]) => `${place} ${key}${key ? ': ' : ''}`;
    expect(places.map((line, index) => line.slice(0, start(wanted[index] ?? ['', '', /x/]).length))).toEqual(
      wanted.map(start),
    );
    for (const [index, [, , words]] of wanted.entries()) expect(places[index]).toMatch(words);
  });

  test('in the file that holds the value, when one extends another', async () => {
    const base = join(folder, 'environments', 'base.yaml');
    write(base, `${SMALL}service:\n  type: ClusterIP\n  port: 0\nserver: { options: { nonsense-here: 1 } }\n`);
    expect(await refuse('extends: ../base.yaml\nservice: { tpye: NodePort }\n')).toEqual([
      expect.stringContaining(`${base}:8:3 service.port: `),
      expect.stringContaining(`${base}:9:22 server.options.nonsense-here: `),
      expect.stringContaining(`${environmentFile()}:2:12 service.tpye: `),
    ]);
    expect(await refuse('extends: ../base.yaml\nservice: { port: 80 }\n')).toEqual([
      expect.stringContaining(`${base}:9:22 server.options.nonsense-here: `),
    ]);
    rmSync(base);
  });
});

test('a folder in place of the file is refused', async () => {
  rmSync(environmentFile());
  mkdirSync(environmentFile());
  const { code, issues } = await command(...synth());
  expect(code).toBe(1);
  expect(issues).toHaveLength(1);
  for (const line of issues) expectIssueLine(line);
});

test('broken environments are refused all at once by the real program, without a trace of its own', async () => {
  const environments = join(folder, 'environments');
  const invalidFiles: Readonly<Record<string, string | Buffer>> = {
    'a-key': `${SMALL}nmae: x\n`,
    'b-type': `${SMALL}service: { port: "80" }\n`,
    'c-cut': HOMELAB.slice(0, 700),
    'd-noise': Buffer.from([1, 2, 3, 255, 254]),
    'e-empty': '',
    'f-bomb': `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'.replaceAll(/./g, (name) => `${name}: &${name} [${`*${String.fromCharCode(name.charCodeAt(0) - 1)},`.repeat(9)}]\n`)}${SMALL}`,
    'g-circle': `labels: &a\n  x: *a\n${SMALL}`,
    'h-deep': `labels: ${'['.repeat(3000)}\n`,
    'i-proto': `__proto__: { a: 1 }\n${SMALL}`,
    'j-extends': `extends: environment.yaml\n${SMALL}`,
    'k-control': `name: "\\e[31m\\u0007"\n${SMALL}`,
  };
  rmSync(environments, { recursive: true });
  for (const [name, content] of Object.entries(invalidFiles))
    write(join(environments, name, 'environment.yaml'), content);
  const main = ['--import', 'tsx', join(ROOT, 'main.ts')];
  const ended = await new Promise<{ code: unknown; stdout: string; stderr: string }>((done) => {
    execFile(process.execPath, [...main, ...synth()], { cwd: ROOT }, (error, stdout, stderr) =>
      done({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  const issues = issueLines(ended.stderr);
  for (const line of issues) expectIssueLine(line);
  for (const name of Object.keys(invalidFiles))
    expect(issues.some((line) => line.includes(`/${name}/environment.yaml:`))).toBe(true);
  expect(contentsOf(join(folder, 'dist'))).toEqual(before);
});

test('at least 200 different broken files were refused', () => {
  expect(refused.size).toBeGreaterThanOrEqual(200);
});
