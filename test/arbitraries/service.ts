import fc from 'fast-check';
import type { EnvironmentInput } from '../../lib/environment/model';
import type { ComponentArbitrary } from './shared/component';
import { few, type Optional, pick, some } from './shared/record';
import { caCertificate } from './shared/sections';
import { address, annotations, block, labels, objectName } from './shared/values';

type Service = Optional<EnvironmentInput['service']>;

type Tls = Optional<Service['tls']>;

const tls = {
  // cert-manager replaces what is in it.
  secret: pick('server.tls', 'certificate-of-the-server'),
  issuer: objectName,
  issuerKind: pick('ClusterIssuer', 'Issuer'),
  ca: caCertificate,
};

export const service: ComponentArbitrary<'service'> = {
  sections: {
    service: some<Service>({
      type: pick('ClusterIP', 'NodePort', 'LoadBalancer'),
      port: pick(80, 443, 5000, 65535),
      nodePort: fc.integer({ min: 30000, max: 32767 }),
      nodeAddresses: few(address),
      loadBalancerIP: address,
      sourceRanges: few(block),
      externalTrafficPolicy: pick('Cluster', 'Local'),
      ipFamilies: fc.shuffledSubarray(['IPv4', 'IPv6'] as const),
      ipFamilyPolicy: pick('SingleStack', 'PreferDualStack', 'RequireDualStack'),
      externalIPs: few(address),
      sessionAffinity: pick('None', 'ClientIP'),
      tls: fc.oneof(some<Tls>(tls, 'issuer'), some<Tls>(tls, 'secret')),
      labels,
      annotations,
    }),
  },
  settle: (given) => (given.service ? { ...given, service: serviceOf(given.service) } : given),
};

/** The settings that the type and the IP families of the Service allow. */
function serviceOf({
  nodePort,
  nodeAddresses,
  loadBalancerIP,
  sourceRanges,
  externalTrafficPolicy,
  ...rest
}: Service): Service {
  const outside = rest.type === 'NodePort' || rest.type === 'LoadBalancer';
  if (rest.ipFamilyPolicy === 'SingleStack') rest.ipFamilies = rest.ipFamilies?.slice(0, 1);
  const given = {
    ...rest,
    ...(outside ? { nodePort, externalTrafficPolicy } : {}),
    ...(outside && nodePort !== undefined ? { nodeAddresses } : {}),
    ...(rest.type === 'LoadBalancer' ? { loadBalancerIP, sourceRanges } : {}),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}
