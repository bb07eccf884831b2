import { Construct } from 'constructs';
import { notEmptyList, objectMetadata, selectorLabels } from '../../kubernetes/metadata';
import { IntOrString, KubeService } from '../../kubernetes/objects';
import type { Instance } from '../shared/instance';
import type { ServiceSection } from './resolve';
import { serviceScheme } from './tls';

/** What the Service is created from. */
export interface ServiceProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  readonly service: ServiceSection;
  /** Further annotations. @default none */
  readonly annotations?: Readonly<Record<string, string>>;
  /** The port of the pods that it leads to, if a proxy in them has another. */
  readonly proxyPort?: number;
}

/** The policy for a number of families. Without any, the cluster chooses once, and keeps its choice. */
const POLICIES = [undefined, 'SingleStack', 'RequireDualStack'] as const;

/** The one Service: its type decides whether nodes and a load balancer offer it too. */
export class Service extends Construct {
  readonly service: KubeService;

  constructor(scope: Construct, id: string, { instance, service, annotations = {}, proxyPort }: ServiceProps) {
    super(scope, id);
    // The annotation and not spec.loadBalancerIP, which is deprecated; MetalLB refuses a Service with both.
    const address: Record<string, string> = service.loadBalancerIP
      ? { 'metallb.io/loadBalancerIPs': service.loadBalancerIP }
      : {};
    const scheme = serviceScheme(service);
    this.service = new KubeService(this, 'Service', {
      metadata: objectMetadata(
        { ...instance, labels: { ...instance.labels, ...service.labels } },
        'server',
        instance.name,
        { ...annotations, ...service.annotations, ...address },
      ),
      spec: {
        type: service.type,
        selector: selectorLabels(instance, 'server'),
        ipFamilies: notEmptyList(service.ipFamilies),
        ipFamilyPolicy: service.ipFamilyPolicy ?? POLICIES[service.ipFamilies.length],
        ports: [
          {
            name: scheme,
            port: service.port,
            protocol: 'TCP',
            // Proxies take a port without it for HTTP.
            appProtocol: service.tls && scheme,
            // By number: names of ports are only looked up in containers that are not init containers.
            targetPort: proxyPort === undefined ? IntOrString.fromString(scheme) : IntOrString.fromNumber(proxyPort),
            nodePort: service.nodePort,
          },
        ],
        loadBalancerSourceRanges: notEmptyList(service.sourceRanges),
        externalTrafficPolicy: service.externalTrafficPolicy,
        externalIPs: notEmptyList(service.externalIPs),
        sessionAffinity: service.sessionAffinity,
      },
    });
  }
}
