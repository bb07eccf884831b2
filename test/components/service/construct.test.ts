import { allowedHosts, corsAllowedOrigins } from '../../../lib/components/service/accepted';
import type { EnvironmentInput } from '../../../lib/environment/model';
import { FULLEST, SHORT_PROGRAMS as PROGRAMS, written } from '../../support/fixtures';
import { all, objectsOf, one, resolved, SMALLEST } from '../../support/support';

test('the Service asks MetalLB for its address by the annotation and not by the deprecated field', () => {
  const [service] = all(objectsOf(written(FULLEST), PROGRAMS), 'Service');
  const { metadata, spec } = service ?? {};
  expect(metadata?.annotations).toEqual({
    'example.com/owner': 'ml',
    'example.com/pool': 'lan',
    'metallb.io/loadBalancerIPs': '192.168.1.201',
  });
  expect(spec).toMatchObject({ type: 'LoadBalancer', loadBalancerSourceRanges: ['192.168.1.0/24'] });
  expect(spec?.loadBalancerIp).toBeUndefined();
  expect(spec).not.toHaveProperty('loadBalancerIP');
});

test('the Service has its labels, its external addresses and its affinity, and keeps the labels of every object', () => {
  const service = {
    labels: { exposed: 'yes', 'app.kubernetes.io/name': 'other' },
    externalIPs: ['203.0.113.9', '2001:db8::9'],
    sessionAffinity: 'ClientIP' as const,
    externalTrafficPolicy: 'Local' as const,
  };
  const objects = objectsOf({ ...SMALLEST, labels: { team: 'ml' }, service }, PROGRAMS);
  const [{ metadata, spec } = {}] = all(objects, 'Service');
  expect(metadata?.labels).toMatchObject({ team: 'ml', exposed: 'yes', 'app.kubernetes.io/name': 'mlflow' });
  expect(spec).toMatchObject({ externalIPs: service.externalIPs, sessionAffinity: 'ClientIP', type: 'ClusterIP' });
  expect(spec?.selector).not.toHaveProperty('exposed');
  const others = objects.filter(({ kind }) => kind !== 'Service');
  expect(JSON.stringify(others)).not.toContain('"exposed"');
});

test('external addresses admit clients, whom MLflow answers there', () => {
  const service = { externalIPs: ['203.0.113.9'] };
  const environment = resolved({ ...SMALLEST, service });
  expect(allowedHosts(environment)).toEqual(expect.arrayContaining(['203.0.113.9', '203.0.113.9:*']));
  expect(corsAllowedOrigins(environment)).toEqual(['http://203.0.113.9:5000']);
  const from = (input: EnvironmentInput) =>
    JSON.stringify(one(objectsOf(input, PROGRAMS), 'NetworkPolicy').spec?.ingress);
  expect(from({ ...SMALLEST, service })).toContain('0.0.0.0/0');
  expect(from({ ...SMALLEST, service, networkPolicy: { clients: { cidrs: ['10.0.0.0/8'] } } })).not.toContain(
    '0.0.0.0/0',
  );
});
