import type { z } from 'zod';
import type { DeepReadonly } from '../../input/deep-readonly';
import { POSTGRESQL_IMAGE } from '../../versions';
import { resolveEmbedded, type StoreSettings } from '../shared/embedded';
import type { database as section } from './section';

/** The section as a user wrote it. */
export type DatabaseSection = DeepReadonly<z.output<typeof section>>;

/** The sections that the database follows from. */
export interface GivenDatabase {
  readonly name: string;
  readonly database: DatabaseSection;
  readonly image: { readonly registry?: string };
}

/** PostgreSQL: an external one, or the instance's own. */
export interface Database extends Omit<DatabaseSection, 'embedded'> {
  readonly host: string;
  /** Whether missing databases are created. */
  readonly create: boolean;
  readonly credentials: DatabaseSection['credentials'] & { readonly secret: string };
  /** @default an external PostgreSQL */
  readonly embedded?: StoreSettings;
}

/** Name of the Service of an embedded PostgreSQL, and of every other object of it. */
export const databaseName = (instance: string): string => `${instance}-database`;

/** Fills in the Secret, and the host of an embedded PostgreSQL. */
export function resolveDatabase({ name, database, image: { registry } }: GivenDatabase): {
  readonly database: Database;
} {
  const { embedded, ...others } = database;
  const credentials = { ...others.credentials, secret: others.credentials.secret ?? `${name}-db-credentials` };
  const own = databaseName(name);
  return {
    database: {
      ...others,
      credentials,
      // A missing host is an issue of its own.
      host: embedded ? own : (others.host ?? ''),
      create: others.create ?? embedded !== undefined,
      embedded: embedded && resolveEmbedded(embedded, own, { ...POSTGRESQL_IMAGE, registry }),
    },
  };
}
