import { App } from 'cdk8s';
import { type AuthUserInput, MlflowChart, type MlflowChartProps } from '../../../lib';
import { EVERY_POD } from '../../support/embedded-fixtures';
import { FULLEST, written } from '../../support/fixtures';
import { podsOf, SMALLEST } from '../../support/support';

/** What a chart says of itself is what its objects are. */

const chartOf = (props: MlflowChartProps) =>
  new MlflowChart(new App({ outdir: '.' }), 'chart', { warn: () => undefined, ...props });

const LOGIN = { provider: 'existing' as const };
const CASES: [string, MlflowChartProps][] = [
  ['the smallest', SMALLEST],
  ['every pod', EVERY_POD as MlflowChartProps],
  ['every key', { ...(written(FULLEST) as MlflowChartProps), secrets: LOGIN, extends: undefined }],
  ['other names', { ...SMALLEST, name: 'models', namespace: { name: 'team' }, service: { port: 8080 } }],
  ['an account of others', { ...SMALLEST, server: { serviceAccount: { create: false, name: 'theirs' } } }],
  ['a prefix', { ...SMALLEST, server: { staticPrefix: '/mlflow' }, clusterDomain: 'example.org' }],
  [
    'an Ingress',
    {
      ...SMALLEST,
      ingress: {
        host: 'mlflow.example.com',
        controller: 'traefik',
        className: 'traefik',
        tls: { secret: 'mlflow-tls' },
      },
    },
  ],
];

describe.each(CASES)('the handles of a chart with %s', (_, props) => {
  const chart = chartOf(props);
  const objects = chart.toJson();
  const find = (kind: string) =>
    objects.filter((each) => each.kind === kind && each.metadata.name === chart.instanceName);

  test('name its objects', () => {
    const [deployment] = find('Deployment');
    const [service] = find('Service');
    expect(deployment?.metadata).toMatchObject({ namespace: chart.namespace, name: chart.server.deployment.name });
    expect(service?.metadata).toMatchObject({ namespace: chart.namespace, name: chart.service.name });
    expect(deployment).toMatchObject({ spec: { selector: { matchLabels: chart.server.selectorLabels } } });
    expect(service).toMatchObject({ spec: { ports: [{ port: chart.servicePort }] } });
    expect(deployment?.metadata.labels?.['app.kubernetes.io/version']).toBe(chart.release);
  });

  test('select the pods of the server alone, by a port that they have', () => {
    const selected = podsOf(objects).filter(({ labels }) =>
      Object.entries(chart.server.selectorLabels).every(([key, value]) => labels[key] === value),
    );
    expect(selected.map(({ spec }) => spec.serviceAccountName)).toEqual([chart.server.serviceAccountName]);
    const ports = selected.flatMap(({ containers }) => containers.flatMap((each) => each.ports ?? []));
    expect(ports.map(({ containerPort }) => containerPort)).toContain(chart.server.port);
  });

  test('give the tracking URI by the full name of the Service', () => {
    const { hostname, port, protocol } = new URL(chart.trackingUri);
    expect(hostname).toMatch(new RegExp(`^${chart.service.name}\\.${chart.namespace}\\.svc\\.`));
    expect(Number(port || (protocol === 'https:' ? 443 : 80))).toBe(chart.servicePort);
    expect(chart.clientEnv()).toContainEqual({ name: 'MLFLOW_TRACKING_URI', value: chart.trackingUri });
  });

  test('name each Secret that a container reads', () => {
    const known = chart.secrets.flatMap(({ namespace, name, keys }) =>
      keys.map((key) => `${namespace}/${name}/${key}`),
    );
    const read = podsOf(objects).flatMap(({ containers }) =>
      containers.flatMap(({ env = [] }) =>
        env.flatMap(({ valueFrom }) => {
          const { name, key } = valueFrom?.secretKeyRef ?? {};
          return name?.startsWith(chart.instanceName) ? [`${chart.namespace}/${name}/${key}`] : [];
        }),
      ),
    );
    expect(read.filter((each) => !known.includes(each))).toEqual([]);
    expect(known.length).toBeGreaterThan(0);
  });

  test('say which keys of a Secret may be missing, as the containers do', () => {
    for (const { keys, optionalKeys } of chart.secrets) expect(keys).toEqual(expect.arrayContaining([...optionalKeys]));
    const references = podsOf(objects).flatMap(({ containers }) =>
      containers.flatMap(({ env = [] }) => env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef ?? [])),
    );
    for (const { name, key = '', optional = false } of references) {
      const secret = chart.secrets.find((each) => each.name === name && each.namespace === chart.namespace);
      if (secret?.keys.includes(key)) expect([key, secret.optionalKeys.includes(key)]).toEqual([key, optional]);
    }
  });
});

test('the URIs outside the cluster are those of the keys that lead there', () => {
  const ingress: MlflowChartProps['ingress'] = {
    host: 'mlflow.example.com',
    controller: 'traefik',
    className: 'traefik',
    tls: { secret: 'mlflow-tls' },
  };
  expect(chartOf(SMALLEST).externalUris).toEqual([]);
  expect(chartOf({ ...SMALLEST, ingress }).externalUris).toEqual(['https://mlflow.example.com']);
});

test('the login of a user comes from the Secret of that user', () => {
  const users: AuthUserInput[] = [
    { name: 'training', permission: 'EDIT' },
    { name: 'serving', permission: 'READ', secret: 'other', passwordKey: 'word' },
  ];
  const chart = chartOf({ ...SMALLEST, auth: { users } });
  const from = (name: string, key: string) => ({ valueFrom: { secretKeyRef: { name, key } } });
  expect(chart.clientEnv('training').slice(1)).toEqual([
    { name: 'MLFLOW_TRACKING_USERNAME', ...from('mlflow-user-training', 'MLFLOW_TRACKING_USERNAME') },
    { name: 'MLFLOW_TRACKING_PASSWORD', ...from('mlflow-user-training', 'MLFLOW_TRACKING_PASSWORD') },
  ]);
  expect(chart.clientEnv('serving')[2]).toEqual({ name: 'MLFLOW_TRACKING_PASSWORD', ...from('other', 'word') });
  expect(() => chart.clientEnv('serve')).toThrow('auth.users: lacks serve (add that user; known: training, serving)');
  try {
    chart.clientEnv('serve');
  } catch (error) {
    expect((error as Error).stack?.split('\n').find((line) => line.startsWith('    at '))).toContain(__filename);
  }
  expect.assertions(5);
});
