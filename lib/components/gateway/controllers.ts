import { GOOGLE, TRAEFIK, type UsualPeers } from '../exposure/peers';

/** The Gateway that a route belongs to. */
export interface Parent {
  readonly name: string;
  readonly namespace: string;
}

/** A kind of Gateway controller, as its documentation installs it. */
export interface GatewayController {
  /** Where the connections of its proxies come from. */
  readonly peers: (parent: Parent) => UsualPeers;
  /** Whether it refuses or ignores `timeouts` of an HTTPRoute. @default false */
  readonly hasOwnTimeouts?: boolean;
  /** Whether it takes time and health check from policies of Google for the Service. @default false */
  readonly usesGooglePolicies?: boolean;
}

/** Controllers that run the proxies of a Gateway in its namespace label their pods with its name. */
const besideGateway = ({ name, namespace }: Parent): UsualPeers => ({
  namespace,
  labels: { 'gateway.networking.k8s.io/gateway-name': name },
});

/** The controllers whose pods are known. */
export const GATEWAY_CONTROLLERS = {
  traefik: { peers: () => TRAEFIK },
  'envoy-gateway': {
    peers: () => ({
      namespace: 'envoy-gateway-system',
      labels: { 'app.kubernetes.io/managed-by': 'envoy-gateway', 'app.kubernetes.io/component': 'proxy' },
    }),
  },
  istio: { peers: besideGateway },
  'nginx-gateway-fabric': { peers: besideGateway, hasOwnTimeouts: true },
  gke: {
    peers: () => GOOGLE,
    hasOwnTimeouts: true,
    usesGooglePolicies: true,
  },
  other: { peers: () => ({}) },
} as const satisfies Readonly<Record<string, GatewayController>>;

/** The name of a kind of Gateway controller. */
export type GatewayControllerName = keyof typeof GATEWAY_CONTROLLERS;

/** The names of all kinds. */
export const GATEWAY_CONTROLLER_NAMES = Object.keys(GATEWAY_CONTROLLERS) as [
  GatewayControllerName,
  ...GatewayControllerName[],
];

/** A kind of Gateway controller. */
export const gatewayController = (name: GatewayControllerName): GatewayController => GATEWAY_CONTROLLERS[name];
