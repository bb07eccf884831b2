import type { Check } from '../../input/issue';
import { hostChecks, peerCheck } from '../exposure/checks';
import { pathChecks } from '../exposure/prefix';
import { controller } from './controllers';
import { type GivenIngress, resolveIngress } from './resolve';

/** The sections that the Ingress is checked against. */
export interface CheckedIngress extends GivenIngress {
  readonly networkPolicy: { readonly enabled: boolean };
}

/** Checks between the keys of the Ingress, and of the paths of all sections. */
export function ingressChecks(given: CheckedIngress): Check[] {
  const { ingress: section, networkPolicy } = given;
  const { ingress } = resolveIngress(given);
  if (!section || !ingress) return pathChecks(given);
  const { tls } = section;
  const isAtBalancer = controller(section.controller).certificates === 'balancer';
  return [
    ...pathChecks(given),
    ...hostChecks('ingress', ingress),
    peerCheck('ingress', {
      from: ingress.from,
      enabled: networkPolicy.enabled,
      what:
        section.controller === 'aws-alb' ? 'the load balancer, which has addresses in its subnets' : 'the controller',
    }),
    {
      path: ['ingress', 'tls'],
      violated:
        tls !== undefined && (tls.secret !== undefined || tls.issuer !== undefined) === tls.atBalancer && !isAtBalancer,
      message: tls?.atBalancer
        ? 'names a certificate, but it is at the balancer (remove secret and issuer, or atBalancer)'
        : 'names no certificate (set secret, issuer, or atBalancer: true)',
    },
    {
      path: ['ingress', 'tls'],
      dependsOn: [['ingress', 'controller']],
      violated: tls !== undefined && isAtBalancer && !(tls.atBalancer && !tls.secret && !tls.issuer),
      message: `must be at the balancer, because ${section.controller} takes no certificate from a Secret (set atBalancer: true alone)`,
    },
    {
      path: ['ingress', 'className'],
      dependsOn: [['ingress', 'controller']],
      violated: section.className !== undefined && section.annotations['kubernetes.io/ingress.class'] !== undefined,
      message: 'is also set by the annotation kubernetes.io/ingress.class, which an API server refuses (remove one)',
    },
  ];
}
