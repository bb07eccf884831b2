import { artifacts } from '../components/artifacts/component';
import { auth } from '../components/auth/component';
import { availability } from '../components/availability/component';
import { backup } from '../components/backup/component';
import { clients } from '../components/clients/component';
import { database } from '../components/database/component';
import { garbageCollection } from '../components/garbage-collection/component';
import { gateway } from '../components/gateway/component';
import { image } from '../components/image/component';
import { ingress } from '../components/ingress/component';
import { monitoring } from '../components/monitoring/component';
import { namespace } from '../components/namespace/component';
import { networkPolicy } from '../components/network-policy/component';
import { programs } from '../components/programs/component';
import { route } from '../components/route/component';
import { secrets } from '../components/secrets/component';
import { server } from '../components/server/component';
import { service } from '../components/service/component';
import { smokeTest } from '../components/smoke-test/component';
import { storage } from '../components/storage/component';

/**
 * Every component of an environment. This is the only list of them: what they read, connect to, mount, watch and create
 * is derived from their contributions. Where contributions of several components are one list, they are in this order.
 */
export const COMPONENTS = [
  namespace,
  image,
  programs,
  server,
  database,
  artifacts,
  auth,
  secrets,
  clients,
  service,
  ingress,
  gateway,
  route,
  networkPolicy,
  storage,
  backup,
  garbageCollection,
  smokeTest,
  availability,
  monitoring,
] as const;

/** The top-level keys of all components. */
export type Sections = Intersection<(typeof COMPONENTS)[number]['sections']>;

/** The resolved sections of all components. */
export type ResolvedSections = Intersection<ReturnType<(typeof COMPONENTS)[number]['resolve']>>;

/** All members of a union at once. */
type Intersection<Union> = (Union extends unknown ? (each: Union) => void : never) extends (all: infer All) => void
  ? All
  : never;
