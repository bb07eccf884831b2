import { resolution, SMALLEST } from '../../support/support';

const proxy = { HTTPS_PROXY: { secret: 'proxy', key: 'url' } };
const said = (more: object) =>
  (resolution({ ...SMALLEST, server: { env: proxy }, ...more }).warnings ?? []).map(({ message }) => message);

test('a proxy in a Secret is not reached unless networkPolicy.egress names it', () => {
  expect(said({})).toEqual([expect.stringMatching(/lets no pod out to the proxy \(name its address in networkPolicy/)]);
  expect(said({ networkPolicy: { egress: [{ cidr: '10.0.0.9/32', ports: [3128] }] } })).toEqual([]);
  expect(said({ networkPolicy: { enabled: false } })).toEqual([]);
});
