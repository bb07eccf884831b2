import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { objectMetadata } from '../../kubernetes/metadata';
import { routedPaths } from '../exposure/prefix';
import { IDLE_SECONDS } from '../exposure/transfers';
import type { Instance } from '../shared/instance';
import type { Route as Section } from './resolve';

/** What the Route is created from. */
export interface RouteProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  readonly route: Section;
  /** How the router speaks to the pods, which is also the name of the Service's port. */
  readonly backend: 'http' | 'https';
}

/**
 * The fields of a Route that are used here.
 *
 * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/network_apis/route-route-openshift-io-v1
 */
interface RouteSpec {
  readonly host: string;
  readonly path: string;
  readonly to: { readonly kind: 'Service'; readonly name: string; readonly weight: number };
  readonly port: { readonly targetPort: string };
  readonly tls?: {
    readonly termination: 'edge' | 'reencrypt';
    readonly insecureEdgeTerminationPolicy: 'Redirect';
    readonly externalCertificate?: { readonly name: string };
  };
  readonly wildcardPolicy: 'None';
}

/** The Route to the server, and one for each path of programs. The router waits 30 seconds for an answer by default. */
export class Route extends Construct {
  readonly routes: readonly ApiObject[];

  constructor(scope: Construct, id: string, { instance, route, backend }: RouteProps) {
    super(scope, id);
    const { host, tls } = route;
    const spec: Omit<RouteSpec, 'path'> = {
      host,
      to: { kind: 'Service', name: instance.name, weight: 100 },
      port: { targetPort: backend },
      tls: tls.enabled
        ? {
            termination: backend === 'https' ? 'reencrypt' : 'edge',
            insecureEdgeTerminationPolicy: 'Redirect',
            externalCertificate: tls.secret ? { name: tls.secret } : undefined,
          }
        : undefined,
      wildcardPolicy: 'None',
    };
    const annotations = { 'haproxy.router.openshift.io/timeout': `${IDLE_SECONDS}s`, ...route.annotations };
    // A Route has one path.
    this.routes = routedPaths(route.path, instance.release).map((path, index) => {
      const suffix = index === 0 ? '' : path.replaceAll('/', '-');
      return new ApiObject(this, `Route${suffix}`, {
        apiVersion: 'route.openshift.io/v1',
        kind: 'Route',
        metadata: objectMetadata(instance, 'server', `${instance.name}${suffix}`, annotations),
        spec: { ...spec, path } satisfies RouteSpec,
      });
    });
  }
}
