import type { Placement } from '../../kubernetes/pod';
import type { Release } from '../../mlflow/releases';
import type { Artifacts } from '../artifacts/resolve';
import type { ResolvedAuth } from '../auth/resolve';
import type { Availability } from '../availability/resolve';
import type { Destination } from '../backup/destinations/resolve';
import type { Database } from '../database/resolve';
import type { EdgeSections } from '../exposure/edge';
import type { Metrics } from '../monitoring/resolve';
import type { ServiceSection } from '../service/resolve';
import type { Data } from '../storage/resolve';
import type { ConnectionPool } from './connections';
import type { Server } from './resolve';

/** The resolved sections that the server's command, variables and pods follow from. */
export interface ServerSections extends ResolvedAuth, EdgeSections {
  readonly name: string;
  readonly namespace: { readonly name: string };
  readonly clusterDomain: string;
  readonly release: Release;
  readonly image: Pick<Placement, 'pullPolicy'>;
  readonly server: Server;
  readonly database: Database;
  readonly connectionPool: ConnectionPool;
  readonly artifacts: Artifacts;
  readonly service: ServiceSection;
  readonly storage: { readonly data?: Data };
  readonly availability: Availability;
  readonly backup?: { readonly destination: Destination };
  readonly monitoring: { readonly metrics?: Metrics };
}
