import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { knownKeys, pathsOfKey, typeAt } from '../../lib/environment/model-tree';
import { NOT_SUPPORTED } from '../../lib/environment/not-supported';
import { namesOfOthers } from '../../lib/environment/other-names';
import { parseEnvironment } from '../../lib/environment/parse';
import { formatPath, type Path } from '../../lib/input/issue';
import { SMALLEST } from '../support/support';

/** The message for a key that is added to an environment. */
function messageFor(path: Path, key: string): string | undefined {
  const given = path.reduceRight<unknown>((value, step) => (typeof step === 'number' ? [value] : { [step]: value }), {
    [key]: 'x',
  });
  const { issues } = parseEnvironment({ ...(given as object) });
  return issues.find((issue) => formatPath(issue.path) === formatPath([...path, key]))?.message;
}

/** Sections of the model whose keys name keys of a Secret. */
const withSecret: Path[] = [
  ['database', 'credentials'],
  ['artifacts', 's3', 'credentials'],
  ['backup', 'destination', 's3', 'credentials'],
  ['monitoring', 'metrics', 'credentials'],
  ['auth'],
  ['auth', 'users', 0],
  ['auth', 'app', 'login'],
];

/** What a user writes to set a value in place of the name of its key. */
const valueNames = (key: string) => {
  const value = key.slice(0, -'Key'.length);
  return [value, value.toLowerCase(), value.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
};

describe('a key for a secret of the user', () => {
  const all = withSecret.flatMap((path) =>
    knownKeys(path)
      .filter((key) => key.endsWith('Key'))
      .flatMap((key) =>
        [...new Set(valueNames(key).filter((name) => !knownKeys(path).includes(name)))].map(
          (name) => [formatPath([...path, name]), path, name] as const,
        ),
      ),
  );

  test.each(all)('%s sends the value into the Secret, and suggests no other key', (_, path, name) => {
    const message = messageFor(path, name);
    expect(message).toContain(`put the value into the Secret that ${formatPath([...path, 'secret'])} names`);
    expect(message).not.toContain('did you mean');
  });

  test.each([
    [['database'], 'password', 'database.credentials.secret'],
    [['monitoring', 'metrics'], 'username', 'monitoring.metrics.credentials.secret'],
    [['artifacts', 's3'], 'secretKey', 'artifacts.s3.credentials.secret'],
    [['artifacts', 's3'], 'accessKey', 'artifacts.s3.credentials.secret'],
    [['artifacts', 's3', 'credentials'], 'secretKey', 'artifacts.s3.credentials.secret'],
    [['monitoring', 'metrics'], 'password', 'monitoring.metrics.credentials.secret'],
  ] as const)('in %j, %s is that of %s', (path, name, secret) => {
    expect(messageFor(path, name)).toBe(`is not a known key (put the value into the Secret that ${secret} names)`);
  });

  test('no section with such keys is missing above', () => {
    const sections = ['password', 'username', 'accessKeyId', 'flaskSecretKey']
      .flatMap((name) => pathsOfKey(`${name}Key`))
      .map((path) => formatPath(path.slice(0, -1)));
    expect(withSecret.map(formatPath)).toEqual(expect.arrayContaining([...new Set(sections)]));
  });
});

describe('the value of a key of a Secret', () => {
  const issuesOf = (passwordKey: string) =>
    parseEnvironment({ ...SMALLEST, auth: { passwordKey } }).issues.map(({ path }) => formatPath(path));

  test('must be the name of one', () => expect(issuesOf('p@ss word')).toEqual(['auth.passwordKey']));
});

describe('a key by the name of another tool', () => {
  test.each(namesOfOthers())('%s is answered with %s', (name, key) => {
    expect(messageFor([], name)).toBe(`is not a known key (use ${key})`);
    expect(messageFor(['server'], name)).toBe(`is not a known key (use ${key})`);
  });

  test('is the name of no key here, and names one that exists', () => {
    for (const [name, key] of namesOfOthers()) {
      expect(pathsOfKey(name)).toEqual([]);
      const path = key.split('.');
      const known = path[1] === 'options' ? path.slice(0, 2) : path;
      expect([key, typeAt(known) !== undefined]).toEqual([key, true]);
    }
  });
});

describe('what is not supported', () => {
  const names = NOT_SUPPORTED.flatMap((row) => row.names.map((name) => [name, row.instead] as const));

  test.each(names)('%s is answered with what to do, anywhere', (name, instead) => {
    const expected = `is not supported (${instead}; see docs/not-supported.md)`;
    expect(messageFor([], name)).toBe(pathsOfKey(name).some(({ length }) => length === 1) ? undefined : expected);
    for (const section of ['server', 'service'] as const) expect(messageFor([section], name)).toBe(expected);
  });

  test('each name is in one row, and its page exists', () => {
    const all = [...names.map(([name]) => name), ...namesOfOthers().map(([name]) => name)];
    expect(all.filter((name, index) => all.indexOf(name) !== index)).toEqual([]);
    expect(existsSync(join(__dirname, '../../docs/not-supported.md'))).toBe(true);
  });
});

describe('the switch of a chart', () => {
  const sections: Path[] = [
    ['ingress'],
    ['ingress', 'tls'],
    ['gateway'],
    ['route'],
    ['backup'],
    ['database', 'embedded'],
  ];

  test.each(sections.map((path) => [formatPath(path), path] as const))(
    'is not needed for %s, which is on if it is written',
    (section, path) => {
      expect(messageFor(path, 'enabled')).toBe(
        `is not a known key (remove it: ${section} is on as soon as it is written, and off without it)`,
      );
    },
  );

  test('is a word of Kubernetes that means another thing in each section', () => {
    expect(messageFor(['gateway', 'parentRefs', 0], 'kind')).not.toContain('did you mean');
  });

  test('is a key where the section is always there', () => {
    for (const path of [['smokeTest'], ['auth'], ['networkPolicy'], ['route', 'tls']])
      expect(messageFor(path, 'enabled')).not.toContain('remove it');
  });

  test.each([
    [['ingress'], 'hosts', 'ingress.host'],
    [['ingress'], 'hostname', 'ingress.host'],
    [['ingress'], 'extraHosts', 'ingress.additionalHosts'],
    [['ingress'], 'ingressClassName', 'ingress.className'],
    [['ingress', 'tls'], 'clusterIssuer', 'ingress.tls.issuer'],
    [['gateway'], 'hostnames', 'gateway.host'],
    [['gateway'], 'gatewayClassName', 'gateway.controller'],
    [['route', 'tls'], 'termination', 'route.tls.enabled'],
  ])('has others beside it: in %j, %s is %s', (path, key, meant) => {
    expect(messageFor(path, key)).toBe(`is not a known key (use ${meant})`);
  });
});

describe('a name of another tool', () => {
  const known = namesOfOthers().map(([name]) => name);
  const everywhere: Path[] = [
    ['database', 'embedded', 'storage'],
    ['database', 'embedded'],
    ['backup', 'destination', 's3'],
    ['backup'],
    ['auth'],
    ['networkPolicy'],
    ['monitoring'],
    ['availability'],
    ['garbageCollection'],
    ['artifacts'],
    ['database'],
  ];

  test.each(everywhere.map((path) => [formatPath(path), path] as const))(
    'in %s leads into that section or to its keys, and never back to it',
    (section, path) => {
      const all = [...known, ...NOT_SUPPORTED.flatMap(({ names }) => names)].filter(
        (name) => !knownKeys(path).includes(name),
      );
      for (const name of all) {
        const message = messageFor(path, name) ?? '';
        const used = /\(use ([\w.-]+)\)/.exec(message)?.[1];
        expect([name, used === undefined || used.startsWith(`${section}.`)]).toEqual([name, true]);
      }
    },
  );

  test.each([
    [['database', 'embedded', 'storage'], 'storageClassName', 'did you mean storageClass?'],
    [['database'], 'ssl', 'known keys: host'],
    [['database'], 'mysql', 'use PostgreSQL'],
    [['artifacts'], 'hdfs', 'artifacts.azure'],
    [['artifacts'], 'googleCloudStorage', 'artifacts.gcs'],
    [['auth'], 'ldap', 'OpenID provider'],
    [['auth'], 'sso', 'oidc'],
    [['auth'], 'keycloak', 'oidc'],
    [[], 'oauth2Proxy', 'auth.oidc'],
    [['artifacts', 's3'], 'endpointUrl', 'endpoint'],
  ] as const)('in %j, %s is answered with %s', (path, name, answer) => {
    expect(messageFor(path, name)).toContain(answer);
  });
});

describe('a key in the wrong section', () => {
  test.each([
    [[], 'replicas', 'server.replicas'],
    [[], 'resources', 'server.resources'],
    [[], 'env', 'server.env'],
    [[], 'nodeSelector', 'server.nodeSelector'],
    [['server'], 'port', 'service.port'],
    [['server'], 'pullPolicy', 'image.pullPolicy'],
    [['artifacts'], 'region', 'artifacts.s3.region'],
    [['database'], 'mode', 'database.tls.mode'],
    [['monitoring'], 'thresholds', 'monitoring.rules.thresholds'],
  ] as const)('in %j, %s is %s', (path, key, meant) => {
    expect(messageFor(path, key)).toBe(`is not a known key (did you mean ${meant}?)`);
  });
});

test('any key, anywhere, gets one line that suggests only what exists', () => {
  const key = fc.oneof(
    fc.stringMatching(/^[a-zA-Z_][\w.-]{0,20}$/),
    fc.constantFrom('__proto__', 'constructor', 'toString'),
  );
  const section = fc.constantFrom<Path>([], ['server'], ['database'], ['auth'], ['artifacts', 's3'], ['backup']);
  fc.assert(
    fc.property(section, key, (path, name) => {
      if (knownKeys(path).includes(name)) return;
      const message = messageFor(path, name);
      if (message === undefined) return;
      const meant = /did you mean (.+)\?/.exec(message)?.[1];
      const isKnown = meant === undefined || knownKeys(path).includes(meant) || typeAt(meant.split('.')) !== undefined;
      expect([message, isKnown]).toEqual([message, true]);
    }),
    { numRuns: 300 },
  );
});
