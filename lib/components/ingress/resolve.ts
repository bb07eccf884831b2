import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import type { Edge } from '../exposure/edge';
import { proxyPeers } from '../exposure/peers';
import { type PathSections, pathOf } from '../exposure/prefix';
import { CLASS_ANNOTATION, controller } from './controllers';
import type { ingress as section } from './section';

/** The section as a user wrote it. */
export type IngressSection = DeepReadonly<z.output<typeof section>>;

/** The sections that the Ingress follows from. */
export interface GivenIngress extends PathSections {
  readonly name: string;
  readonly ingress?: IngressSection;
}

/** An Ingress to the server. */
export interface Ingress extends Edge, Pick<IngressSection, 'controller' | 'className' | 'annotations'> {
  readonly tls?: NonNullable<IngressSection['tls']>;
}

/** Fills in class, path, the Secret of the certificate, and where connections come from. */
export function resolveIngress(given: GivenIngress): { readonly ingress?: Ingress } {
  const { name, ingress } = given;
  if (!ingress) return {};
  const usual = controller(ingress.controller);
  const { tls, annotations } = ingress;
  const usualClass = annotations[CLASS_ANNOTATION] === undefined ? usual.className : undefined;
  return {
    ingress: {
      ...ingress,
      className: ingress.className ?? usualClass,
      path: pathOf(given),
      scheme: tls ? 'https' : 'http',
      tls: tls && { ...tls, secret: tls.secret ?? (tls.issuer ? `${name}-ingress-tls` : undefined) },
      from: proxyPeers(ingress.from, usual),
    },
  };
}
