import fc from 'fast-check';
import { allowedHosts, corsAllowedOrigins } from '../../../lib/components/service/accepted';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { letsIn } from '../../../lib/mlflow/fnmatch';
import { browserAt } from '../../support/browser';
import { resolution, resolved, SMALLEST } from '../../support/support';

type Server = NonNullable<EnvironmentInput['server']>;

const given = (server: Server, version = '3.18.0', service: EnvironmentInput['service'] = {}): EnvironmentInput => ({
  ...SMALLEST,
  image: { repository: 'registry.example.com/mlflow', tag: version },
  server,
  service,
});

/** What MLflow answers to the page at a URL: its host, and its changes. */
function answers(input: EnvironmentInput, page: string) {
  const environment = resolved(input);
  const { host, origin } = browserAt(page);
  const origins = corsAllowedOrigins(environment);
  const isListed = origins.includes(origin);
  const isMatched = environment.release.can('originPatterns') && letsIn(origins, origin);
  return { host: letsIn(allowedHosts(environment), host), origin: isListed || isMatched || origins.includes('*') };
}

const BOTH = { host: true, origin: true };

/** Hosts as people write them; a browser sends each in one form. */
const host = fc
  .oneof(
    fc.domain(),
    fc.domain().map((name) => `${name}.`),
    fc.domain().map((name) => name.toUpperCase()),
    fc.constantFrom('münchen.example', 'MLflow.Bücher.example', '例え.テスト', 'straße.example', 'my_host.lan', 'nas'),
    fc.ipV4(),
    fc.ipV6().map((address) => `[${address}]`),
    fc.ipV6().map((address) => `[${address.toUpperCase()}]`),
  )
  // What a browser itself refuses is no page.
  .filter((name) => URL.canParse(`http://${name}/`) && !name.includes('::ffff:'));
const port = fc.oneof(
  fc.constant(''),
  fc.constantFrom(':80', ':443', ':5000', ':08443'),
  fc.integer({ min: 1, max: 65_535 }).map((each) => `:${each}`),
);
const scheme = fc.constantFrom('http', 'https', 'HTTPS');
const release = fc.constantFrom('3.5.0', '3.10.1', '3.11.1', '3.18.0');
/** The address that somebody types, who leaves out the final dot. */
const pageOf = (kind: string, name: string, number: string) => `${kind}://${name.replace(/\.$/, '')}${number}/`;

test('the page at a host of the environment file can be shown and used', () => {
  fc.assert(
    fc.property(host, port, scheme, release, (name, number, kind, version) => {
      const input = given({ allowedHosts: [name + number] }, version);
      expect(answers(input, pageOf(kind, name, number))).toEqual(BOTH);
    }),
  );
});

test('the page at an origin of the environment file can be shown and used', () => {
  fc.assert(
    fc.property(host, port, scheme, release, fc.constantFrom('', '/'), (name, number, kind, version, slash) => {
      const input = given({ corsAllowedOrigins: [`${kind}://${name}${number}${slash}`] }, version);
      expect(answers(input, pageOf(kind, name, number))).toEqual(BOTH);
    }),
  );
});

test('no page of another host can be', () => {
  fc.assert(
    fc.property(host, host, port, scheme, (name, other, number, kind) => {
      const [own, foreign] = [name, other].map((each) => browserAt(pageOf('http', each, '')).host);
      fc.pre(own !== foreign && foreign !== 'localhost');
      const { origin } = answers(given({ allowedHosts: [name] }), pageOf(kind, other, number));
      expect(origin).toBe(false);
    }),
  );
});

test.each<
  [server: Server, service: EnvironmentInput['service'], page: string, answer: { host: boolean; origin: boolean }]
>([
  // Ports of the Service, from outside the cluster.
  [{ allowedHosts: ['ml.example.com'] }, { type: 'LoadBalancer' }, 'http://ml.example.com:5000', BOTH],
  [{ allowedHosts: ['ml.example.com'] }, { type: 'NodePort', nodePort: 30800 }, 'http://ml.example.com:30800', BOTH],
  [{ allowedHosts: ['ml.example.com'] }, {}, 'http://ml.example.com:5000', { host: true, origin: false }],
  // A port that is named is the only one.
  [{ allowedHosts: ['ml.example.com:8443'] }, {}, 'https://ml.example.com:8443', BOTH],
  [{ allowedHosts: ['ml.example.com:8443'] }, {}, 'https://ml.example.com', { host: false, origin: false }],
  [{ allowedHosts: ['ml.example.com:443'] }, {}, 'https://ml.example.com', BOTH],
  [{ allowedHosts: ['ml.example.com:*'] }, {}, 'https://ml.example.com:1234', BOTH],
  [{ allowedHosts: ['[2001:db8::1]:*'] }, {}, 'http://[2001:db8::1]:1234', BOTH],
  // Patterns.
  [{ allowedHosts: ['*.example.com'] }, {}, 'https://ml.example.com', BOTH],
  [{ allowedHosts: ['*.Bücher.example'] }, {}, 'https://ml.bücher.example', BOTH],
  [{ allowedHosts: ['*.example.com'] }, { type: 'LoadBalancer', port: 8080 }, 'http://ml.example.com:8080', BOTH],
  [{ corsAllowedOrigins: ['https://*.example.com'] }, {}, 'https://ml.example.com', BOTH],
  [{ corsAllowedOrigins: ['https://*'] }, {}, 'https://ml.example.com', { host: false, origin: true }],
  [{ allowedHosts: ['100.64.*'] }, {}, 'http://100.64.1.1', { host: true, origin: false }],
  // Origins of a host are all that it has.
  [
    { allowedHosts: ['ml.example.com'], corsAllowedOrigins: ['https://ML.example.com'] },
    {},
    'http://ml.example.com',
    { host: true, origin: false },
  ],
  [
    { allowedHosts: ['ml.example.com'], corsAllowedOrigins: ['https://app.example.com'] },
    {},
    'https://ml.example.com',
    BOTH,
  ],
  [{ allowedHosts: ['*'], corsAllowedOrigins: ['*'] }, {}, 'https://anything.example', BOTH],
])('with %j and the Service %j, the page %s gets %j', (server, service, page, answer) => {
  expect(answers(given(server, '3.18.0', service), page)).toEqual(answer);
});

describe('no origin follows', () => {
  const found = (server: Server, version: string) => {
    const { issues, warnings } = resolution(given(server, version));
    const ofServer = ({ path }: { readonly path: readonly unknown[] }) =>
      path[0] === 'server' && path[1] !== 'resources';
    return [issues.filter(ofServer), warnings.filter(ofServer)].map((each) => each.map(({ message }) => message));
  };
  test('from every host', () => {
    const message =
      'is *, from which no origin follows, so browsers show the page but cannot load or change anything (set server.corsAllowedOrigins)';
    expect(found({ allowedHosts: ['*'] }, '3.18.0')).toEqual([[], [message]]);
    expect(found({ allowedHosts: ['*'], corsAllowedOrigins: ['https://a.example.com'] }, '3.18.0')).toEqual([[], []]);
    // Only routes that the page does not use were checked.
    expect(found({ allowedHosts: ['*'] }, '3.9.0')).toEqual([[], []]);
  });

  test('from a pattern, where the release has none of origins', () => {
    const message = expect.stringContaining('is *.example.com, from which no origin follows');
    expect(found({ allowedHosts: ['*.example.com'] }, '3.10.1')).toEqual([[], [message]]);
    expect(found({ allowedHosts: ['*.example.com'] }, '3.11.1')).toEqual([[], []]);
    expect(found({ allowedHosts: ['100.64.*'] }, '3.10.1')).toEqual([[], []]);
    const issue = 'is a pattern, which MLflow 3.10.1 compares literally (name each origin, or use 3.11.1 or newer)';
    expect(found({ corsAllowedOrigins: ['https://*.example.com'] }, '3.10.1')).toEqual([[issue], []]);
    expect(found({ corsAllowedOrigins: ['https://*.example.com'] }, '3.11.1')).toEqual([[], []]);
    expect(found({ corsAllowedOrigins: ['https://*.example.com'] }, '3.4.0')).toEqual([[], []]);
  });
});
