import { Construct } from 'constructs';
import { notEmpty, notEmptyList, objectMetadata } from '../../kubernetes/metadata';
import { KubeIngress } from '../../kubernetes/objects';
import { ISSUER_ANNOTATIONS } from '../exposure/certificates';
import { routedPaths } from '../exposure/prefix';
import type { Instance } from '../shared/instance';
import { BackendConfig } from './backend-config';
import { CLASS_ANNOTATION, controller, type IngressSettings } from './controllers';
import type { Ingress as Section } from './resolve';

/** What the Ingress is created from. */
export interface IngressProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  readonly ingress: Section;
  /** The port of the Service. */
  readonly servicePort: number;
  /** The port of the pods that the Service leads to. */
  readonly podPort: number;
  /** The page by which a balancer tells whether a pod is well. */
  readonly health: IngressSettings['health'];
  readonly backend: IngressSettings['backend'];
  /** Whether people have sessions, which are in cookies. */
  readonly hasSessions: boolean;
}

/** The Ingress to the server, with what its controller needs for large and slow transfers. */
export class Ingress extends Construct {
  readonly ingress: KubeIngress;

  constructor(scope: Construct, id: string, props: IngressProps) {
    super(scope, id);
    const { instance, ingress, servicePort, podPort, health, backend, hasSessions } = props;
    const { className, tls, path } = ingress;
    const hosts = [ingress.host, ...ingress.additionalHosts];
    const kind = controller(ingress.controller);
    const annotations: Record<string, string> = {
      ...(kind.classAsAnnotation && className ? { [CLASS_ANNOTATION]: className } : {}),
      ...(tls?.issuer ? { [ISSUER_ANNOTATIONS[tls.issuerKind]]: tls.issuer } : {}),
      ...kind.annotations({ ...ingress, hasCertificate: tls?.secret !== undefined, health, backend, hasSessions }),
      ...ingress.annotations,
    };
    if (kind.usesBackendConfig)
      new BackendConfig(this, 'BackendConfig', { instance, healthPath: health.path, podPort, backend });
    const target = { service: { name: instance.name, port: { number: servicePort } } };
    const paths = routedPaths(path, instance.release).map((each) => ({
      path: each,
      pathType: 'Prefix',
      backend: target,
    }));
    this.ingress = new KubeIngress(this, 'Ingress', {
      metadata: objectMetadata(instance, 'server', instance.name, notEmpty(annotations)),
      spec: {
        ingressClassName: kind.classAsAnnotation ? undefined : className,
        rules: hosts.map((host) => ({ host, http: { paths } })),
        tls: notEmptyList(tls?.secret ? [{ hosts, secretName: tls.secret }] : []),
      },
    });
  }
}
