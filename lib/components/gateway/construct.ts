import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import { notEmpty, objectMetadata } from '../../kubernetes/metadata';
import { routedPaths } from '../exposure/prefix';
import type { Instance } from '../shared/instance';
import type { Gateway } from './resolve';

/** What the HTTPRoute is created from. */
export interface HttpRouteProps {
  /** The instance that its objects belong to. */
  readonly instance: Instance;
  readonly gateway: Gateway;
  /** The port of the Service. */
  readonly servicePort: number;
}

/**
 * The fields of an HTTPRoute that are used here; the whole type is a hundred times as long.
 *
 * @see https://gateway-api.sigs.k8s.io/reference/spec/#httproute
 */
interface HttpRouteSpec {
  readonly parentRefs: readonly {
    readonly group: string;
    readonly kind: string;
    readonly name: string;
    readonly namespace: string;
    readonly sectionName?: string;
    readonly port?: number;
  }[];
  readonly hostnames: readonly string[];
  readonly rules: readonly {
    readonly matches: readonly { readonly path: { readonly type: 'PathPrefix'; readonly value: string } }[];
    readonly backendRefs: readonly {
      readonly group: string;
      readonly kind: string;
      readonly name: string;
      readonly port: number;
      readonly weight: number;
    }[];
    readonly timeouts?: { readonly request: string };
  }[];
}

/** The HTTPRoute to the server. Groups, kinds and the weight are the API's defaults, which Argo CD would see as a drift. */
export class HttpRoute extends Construct {
  readonly route: ApiObject;

  constructor(scope: Construct, id: string, { instance, gateway, servicePort }: HttpRouteProps) {
    super(scope, id);
    const { host, additionalHosts, parentRefs, path, timeout } = gateway;
    const spec: HttpRouteSpec = {
      parentRefs: parentRefs.map(({ name, namespace, sectionName, port }) => ({
        group: 'gateway.networking.k8s.io',
        kind: 'Gateway',
        name,
        namespace,
        sectionName,
        port,
      })),
      hostnames: [host, ...additionalHosts],
      rules: [
        {
          matches: routedPaths(path, instance.release).map((value) => ({ path: { type: 'PathPrefix', value } })),
          backendRefs: [{ group: '', kind: 'Service', name: instance.name, port: servicePort, weight: 1 }],
          timeouts: timeout ? { request: timeout } : undefined,
        },
      ],
    };
    this.route = new ApiObject(this, 'HTTPRoute', {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: objectMetadata(instance, 'server', instance.name, notEmpty(gateway.annotations)),
      spec,
    });
  }
}
