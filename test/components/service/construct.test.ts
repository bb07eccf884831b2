import { FULLEST, SHORT_PROGRAMS as PROGRAMS, written } from '../../support/fixtures';
import { all, objectsOf } from '../../support/support';

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
