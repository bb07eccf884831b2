import type { Check } from '../../input/issue';
import { ISSUER_ANNOTATIONS } from '../exposure/certificates';
import { hostChecks, peerChecks } from '../exposure/checks';
import { pathChecks } from '../exposure/prefix';
import { CLASS_ANNOTATION, controller } from './controllers';
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
    ...peerChecks('ingress', {
      given: section.from,
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
    ...Object.values(ISSUER_ANNOTATIONS).map((annotation) => ({
      path: ['ingress', 'tls', 'issuer'],
      violated: tls?.issuer !== undefined && section.annotations[annotation] !== undefined,
      message: `is also set by the annotation ${annotation}, and cert-manager refuses two (remove one)`,
    })),
    {
      path: ['ingress', 'className'],
      dependsOn: [['ingress', 'controller']],
      violated: section.className !== undefined && section.annotations[CLASS_ANNOTATION] !== undefined,
      message: `is also set by the annotation ${CLASS_ANNOTATION}, which an API server refuses (remove one)`,
    },
  ];
}
