import { resolution, SMALLEST } from '../../support/support';

test.each([
  ['mlflow.*', true],
  ['mlflow.*:5000', true],
  ['mlflow*', true],
  ['mlflow.example.c*', true],
  ['*.com', true],
  ['*example.com', true],
  ['mlflow-*example.com', true],
  ['[a-z]*', true],
  ['[!x]*.example.com', false],
  ['*.example.[a-z]om', true],
  ['*.example.co?', true],
  ['1*', true],
  ['*.*', true],
  ['*.lan', false],
  ['*', false],
  ['*:5000', false],
  ['*.example.com', false],
  ['mlflow.*.example.com', false],
  ['mlflow:*', false],
  ['100.64.*', false],
  ['100.64.*.*', false],
  ['100.64.1.*:5000', false],
  ['[fd00:*', false],
])('the pattern %s is warned about: %s', (host, isOpen) => {
  const at = (key: string) => ({
    path: ['server', key, 0],
    dependsOn: [['allow']],
    message: expect.stringContaining('in domains of others'),
  });
  // With an origin, because from some patterns none follows, which is another warning.
  const hosts = { ...SMALLEST, server: { allowedHosts: [host], corsAllowedOrigins: ['https://ml.example.com'] } };
  expect(resolution(hosts).warnings).toEqual(isOpen ? [at('allowedHosts')] : []);
  expect(resolution({ ...hosts, allow: ['weak-server'] }).warnings).toEqual([]);
  const origins = { ...SMALLEST, server: { corsAllowedOrigins: [`https://${host}`] } };
  const isEvery = /^\*(:|$)/.test(host);
  expect(resolution(origins).warnings).toEqual(isOpen || isEvery ? [at('corsAllowedOrigins')] : []);
});

test.each(['*', '*:5000'])('every host is warned about without a login, if the release checks hosts: %s', (host) => {
  const open = (version: string) => ({
    ...SMALLEST,
    image: { repository: 'registry.example.com/mlflow', tag: version },
    auth: { enabled: false },
    server: { allowedHosts: [host], corsAllowedOrigins: ['https://ml.example.com'] },
  });
  const warning = { path: ['server', 'allowedHosts', 0], message: expect.stringContaining('by DNS rebinding') };
  expect(resolution(open('3.18.0')).warnings).toContainEqual(expect.objectContaining(warning));
  expect(resolution({ ...open('3.18.0'), auth: {} }).warnings).toEqual([]);
  expect(resolution(open('3.4.0')).warnings).not.toContainEqual(expect.objectContaining(warning));
});
