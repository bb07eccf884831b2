import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import type { FileSource } from '../shared/mounted-files';
import type { service as section } from './section';

/** The section as a user wrote it. */
export type GivenServiceSection = DeepReadonly<z.output<typeof section>>;

/** The certificate of the server, and the CA certificate by which clients know it. */
export interface ServiceTls extends Omit<NonNullable<GivenServiceSection['tls']>, 'secret' | 'ca'> {
  readonly secret: string;
  readonly ca: FileSource;
}

/** The Service. */
export type ServiceSection = Omit<GivenServiceSection, 'tls'> & { readonly tls?: ServiceTls };

/** The sections that the Service follows from. */
export interface GivenService {
  readonly name: string;
  readonly service: GivenServiceSection;
}

/** Fills in the Secret of the certificate, and where its CA certificate is. */
export function resolveService({ name, service }: GivenService): { readonly service: ServiceSection } {
  const { tls, ...rest } = service;
  if (!tls) return { service: rest };
  const secret = tls.secret ?? `${name}-tls`;
  return { service: { ...rest, tls: { ...tls, secret, ca: tls.ca ?? { secret, key: 'ca.crt' } } } };
}

/** Whether clients outside the cluster reach the Service. */
export const isOutside = ({ type, externalIPs }: Pick<ServiceSection, 'type' | 'externalIPs'>): boolean =>
  type !== 'ClusterIP' || externalIPs.length > 0;
