import { GOOGLE, TRAEFIK, type UsualPeers } from '../exposure/peers';
import { IDLE_SECONDS } from '../exposure/transfers';

/** What the annotations of an Ingress follow from. */
export interface IngressSettings {
  readonly scheme: 'http' | 'https';
  /** The port that clients name. */
  readonly port?: number;
  /** Whether the Ingress names a Secret with the certificate. */
  readonly hasCertificate: boolean;
  /** The page by which a balancer tells whether a pod is well, and the answers of one that is. */
  readonly health: { readonly path: string; readonly codes: string };
  /** How the controller speaks to the pods. */
  readonly backend: 'http' | 'https';
  /** Whether people have sessions, which are in cookies. */
  readonly hasSessions: boolean;
}

/** A kind of ingress controller, as its documentation installs it. */
export interface Controller extends UsualPeers {
  /** IngressClass of its own installation. @default that of the cluster */
  readonly className?: string;
  /** Who has the certificate: the Secret of the Ingress, or the balancer alone. @default the Secret */
  readonly certificates?: 'balancer';
  /** Whether the class is an annotation, as before Kubernetes 1.18. @default false */
  readonly classAsAnnotation?: boolean;
  /** Whether it takes time and health check from a BackendConfig, which the Service names. @default false */
  readonly usesBackendConfig?: boolean;
  /**
   * Settings with which uploads and downloads of any size pass, as slow as they are. What an Ingress cannot set is in
   * docs/controllers.md.
   */
  readonly annotations: (settings: IngressSettings) => Readonly<Record<string, string>>;
}

/** The class as Kubernetes had it before 1.18. An API server refuses an Ingress that has both. */
export const CLASS_ANNOTATION = 'kubernetes.io/ingress.class';

/** The most that a load balancer of AWS allows. */
const AWS_IDLE_SECONDS = 4000;

/** The controllers whose settings are known. */
export const CONTROLLERS = {
  /** @see https://doc.traefik.io/traefik/reference/routing-configuration/kubernetes/ingress/ */
  traefik: {
    className: 'traefik',
    ...TRAEFIK,
    annotations: ({ scheme }): Record<string, string> =>
      scheme === 'https'
        ? {
            'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
            'traefik.ingress.kubernetes.io/router.tls': 'true',
          }
        : { 'traefik.ingress.kubernetes.io/router.entrypoints': 'web' },
  },
  /** @see https://github.com/haproxytech/kubernetes-ingress/blob/master/documentation/annotations.md */
  haproxy: {
    className: 'haproxy',
    namespace: 'haproxy-controller',
    labels: { 'app.kubernetes.io/name': 'kubernetes-ingress' },
    annotations: ({ scheme, port = 443, backend }) => ({
      'haproxy.org/timeout-server': `${IDLE_SECONDS}s`,
      'haproxy.org/ssl-redirect': String(scheme === 'https'),
      // Read here before the ConfigMap of the controller, which redirects to 8443 by default.
      ...(scheme === 'https' ? { 'haproxy.org/ssl-redirect-port': String(port) } : {}),
      ...(backend === 'https' ? { 'haproxy.org/server-ssl': 'true' } : {}),
    }),
  },
  /** @see https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/ */
  'ingress-nginx': {
    className: 'nginx',
    namespace: 'ingress-nginx',
    labels: { 'app.kubernetes.io/name': 'ingress-nginx' },
    annotations: ({ scheme, hasCertificate, backend, hasSessions }) => ({
      // It redirects by itself only where the Ingress names a certificate.
      ...(scheme === 'https' && !hasCertificate ? { 'nginx.ingress.kubernetes.io/force-ssl-redirect': 'true' } : {}),
      ...(backend === 'https' ? { 'nginx.ingress.kubernetes.io/backend-protocol': 'HTTPS' } : {}),
      'nginx.ingress.kubernetes.io/proxy-body-size': '0',
      'nginx.ingress.kubernetes.io/proxy-request-buffering': 'off',
      'nginx.ingress.kubernetes.io/proxy-buffering': 'off',
      // The answer to a login has cookies with the groups of a person, and with tokens if something needs them. The default
      // is 4k: https://kubernetes.github.io/ingress-nginx/examples/customization/jwt/
      ...(hasSessions ? { 'nginx.ingress.kubernetes.io/proxy-buffer-size': '16k' } : {}),
      'nginx.ingress.kubernetes.io/proxy-read-timeout': String(IDLE_SECONDS),
      'nginx.ingress.kubernetes.io/proxy-send-timeout': String(IDLE_SECONDS),
    }),
  },
  /** @see https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/ */
  'aws-alb': {
    className: 'alb',
    certificates: 'balancer',
    annotations: ({ scheme, port, health, backend }) => ({
      ...(backend === 'https'
        ? {
            'alb.ingress.kubernetes.io/backend-protocol': 'HTTPS',
            'alb.ingress.kubernetes.io/healthcheck-protocol': 'HTTPS',
          }
        : {}),
      'alb.ingress.kubernetes.io/target-type': 'ip',
      'alb.ingress.kubernetes.io/healthcheck-path': health.path,
      'alb.ingress.kubernetes.io/success-codes': health.codes,
      'alb.ingress.kubernetes.io/load-balancer-attributes': `idle_timeout.timeout_seconds=${AWS_IDLE_SECONDS}`,
      ...(scheme === 'https'
        ? {
            'alb.ingress.kubernetes.io/listen-ports': `[{"HTTP":80},{"HTTPS":${port ?? 443}}]`,
            'alb.ingress.kubernetes.io/ssl-redirect': String(port ?? 443),
          }
        : { 'alb.ingress.kubernetes.io/listen-ports': `[{"HTTP":${port ?? 80}}]` }),
    }),
  },
  /** @see https://cloud.google.com/kubernetes-engine/docs/how-to/ingress-configuration */
  gce: {
    className: 'gce',
    classAsAnnotation: true,
    usesBackendConfig: true,
    ...GOOGLE,
    annotations: ({ scheme }): Record<string, string> =>
      scheme === 'https' ? { 'kubernetes.io/ingress.allow-http': 'false' } : {},
  },
  other: { annotations: () => ({}) },
} as const satisfies Readonly<Record<string, Controller>>;

/** The name of a kind of ingress controller. */
export type ControllerName = keyof typeof CONTROLLERS;

/** The names of all kinds. */
export const CONTROLLER_NAMES = Object.keys(CONTROLLERS) as [ControllerName, ...ControllerName[]];

/** A kind of ingress controller. */
export const controller = (name: ControllerName): Controller => CONTROLLERS[name];
