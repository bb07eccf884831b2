import { registryCredentials, registryIssue, registryOf } from '../../lib/kubernetes/registry-credentials';

const IMAGE = 'registry.example.com:5000/ml/mlflow:3.1.0';
const auth = Buffer.from('user:pass').toString('base64');
const auths = (entries: Readonly<Record<string, unknown>>) => JSON.stringify({ auths: entries });

test.each([
  ['registry.example.com:5000/ml/mlflow:3.1.0', 'registry.example.com:5000'],
  ['localhost/mlflow', 'localhost'],
  ['192.168.1.210/library/mlflow@sha256:abc', '192.168.1.210'],
  ['burakince/mlflow:3.1.0', 'https://index.docker.io/v1/'],
  ['docker.io/burakince/mlflow:3.1.0', 'https://index.docker.io/v1/'],
  ['mlflow', 'https://index.docker.io/v1/'],
  ['mlflow:3.1.0', 'https://index.docker.io/v1/'],
])('the registry of %s is %s, and a login for it serves', (image, registry) => {
  expect(registryOf(image)).toBe(registry);
  const text = registryCredentials({ server: registry, username: 'robot$ml+ci', password: ' p"a:s\\s é ' });
  expect(registryIssue(text, image)).toBeUndefined();
  const [entry] = Object.values(JSON.parse(text).auths) as { auth: string }[];
  expect(Buffer.from(entry?.auth ?? '', 'base64').toString()).toBe('robot$ml+ci: p"a:s\\s é ');
});

// The first three are examples of Kubernetes' own documentation of such files.
test.each([
  ['a glob of a host', '*.example.com:5000'],
  ['a glob of letters', 'regi?try.example.com:5000'],
  ['the way to an image', 'registry.example.com:5000/ml'],
  ['a URL', 'https://registry.example.com:5000'],
  ['a URL of the second API', 'https://registry.example.com:5000/v2/'],
])('a login serves by %s', (_, server) => {
  expect(registryIssue(auths({ other: {}, [server]: { auth } }), IMAGE)).toBeUndefined();
});

test('a login serves by user and password too, also beside an empty auth, which the kubelet passes over', () => {
  const login = { username: 'u', password: 'p' };
  for (const entry of [login, { ...login, auth: '' }]) {
    expect(registryIssue(auths({ 'registry.example.com:5000': entry }), IMAGE)).toBeUndefined();
  }
});

test.each([
  ['no JSON', 'user:pass-in-the-text', /^is not JSON/],
  ['a list', '[]', /^has no auths/],
  ['the old form', JSON.stringify({ 'registry.example.com:5000': { auth } }), /^has no auths/],
  ['no login', auths({}), /^has no login for registry.example.com:5000/],
  ['another host', auths({ 'example.com:5000': { auth } }), /^has no login/],
  ['another port', auths({ 'registry.example.com': { auth } }), /^has no login/],
  ['a glob over too few parts', auths({ '*.com:5000': { auth } }), /^has no login/],
  ['another way', auths({ 'registry.example.com:5000/other': { auth } }), /^has no login/],
  ['Docker Hub', auths({ 'https://index.docker.io/v1/': { auth } }), /^has no login/],
  [
    'a helper',
    JSON.stringify({ auths: { 'registry.example.com:5000': {} }, credsStore: 'pass' }),
    /^has neither auth nor/,
  ],
  ['no password', auths({ 'registry.example.com:5000': { username: 'u', password: '' } }), /^has neither/],
  ['an auth that is none', auths({ 'registry.example.com:5000': { auth: 'dXNlcg==' } }), /^has neither/],
])('%s is refused, and nothing of it is repeated', (_, text, message) => {
  const issue = registryIssue(text, IMAGE);
  expect(issue).toMatch(message);
  expect(issue).toMatch(/ \(.+\)$/);
  expect(issue).not.toContain(auth);
  expect(issue).not.toContain('pass-in-the-text');
});

test.each(['https://index.docker.io/v1/', 'docker.io', 'index.docker.io'])(
  '%s serves an image of Docker Hub',
  (server) => {
    expect(registryIssue(auths({ [server]: { auth } }), 'burakince/mlflow')).toBeUndefined();
  },
);

test('one of several Secrets may be for another registry, but has a login', () => {
  const ofAnother = auths({ 'mirror.example.com': { username: 'u', password: 'p' } });
  expect(registryIssue(ofAnother, IMAGE)).toMatch(/no login for/);
  expect(registryIssue(ofAnother, IMAGE, { isOneOfSeveral: true })).toBeUndefined();
  expect(registryIssue(auths({}), IMAGE, { isOneOfSeveral: true })).toMatch(/no login for/);
  expect(registryIssue(auths({ other: {} }), IMAGE, { isOneOfSeveral: true })).toMatch(/neither auth nor/);
});
