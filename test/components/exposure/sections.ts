import type { EnvironmentInput } from '../../../lib/environment/model';
import { SMALLEST } from '../../support/support';

/** Environments with each section that leads to the server from outside the cluster. */

/** The host in all of them. */
export const HOST = 'mlflow.example.com';
const FROM = { namespace: 'edge', labels: { app: 'proxy' } };

/** Each section as a user writes it. */
const SECTIONS = {
  ingress: (tls: boolean, more: object): EnvironmentInput => ({
    ingress: {
      host: HOST,
      controller: 'traefik',
      ...(tls ? { tls: { issuer: 'letsencrypt' } } : {}),
      from: FROM,
      ...more,
    },
  }),
  gateway: (tls: boolean, more: object): EnvironmentInput => ({
    gateway: {
      host: HOST,
      controller: 'traefik',
      parentRefs: [{ name: 'web' }],
      scheme: tls ? 'https' : 'http',
      from: FROM,
      ...more,
    },
  }),
  route: (tls: boolean, more: object): EnvironmentInput => ({
    route: { host: HOST, tls: { enabled: tls }, from: FROM, ...more },
  }),
} as const;

/** Their keys. */
export const KEYS = Object.keys(SECTIONS) as (keyof typeof SECTIONS)[];

/** The smallest environment with one of them. */
export const given = (
  key: keyof typeof SECTIONS,
  tls = true,
  more: object = {},
  version = '3.18.0',
): EnvironmentInput => ({
  ...SMALLEST,
  image: { repository: 'registry.example.com/mlflow', tag: version },
  ...SECTIONS[key](tls, more),
});
