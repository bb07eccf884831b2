import { addressesIn } from '../../mlflow/options';
import { type Destination, destinationsIn } from '../shared/contributions/destinations';

/** The settings of the server that may name what it connects to. */
export interface NamingServer {
  readonly server: {
    readonly options: Readonly<Record<string, string | number | boolean>>;
    readonly env: Readonly<Record<string, string>>;
  };
  readonly database: { readonly port: number };
}

/** Variables whose URLs are those of clients, not of what a program connects to. */
const CLIENTS = /^(MLFLOW_SERVER_(CORS_ALLOWED_ORIGINS|ALLOWED_HOSTS)|NO_PROXY)$/i;

/** What options of the server name: further databases. */
export const optionDestinations = ({ server, database }: NamingServer): Destination[] =>
  addressesIn(server.options).flatMap((uri) => databasesIn(uri, database));

/** What variables name as a URL, or as a list of URLs, such as a collector of traces. */
export const variableDestinations = ({ server, database }: NamingServer): Destination[] =>
  Object.entries(server.env)
    .filter(([name]) => !CLIENTS.test(name))
    .flatMap(([, value]) => value.split(/[\s,]+(?=[a-z][\w+.-]*:\/\/)/i))
    .flatMap((url) => databasesIn(url, database));

/** Without a port libpq takes the one of its variable, which is that of the database. */
const databasesIn = (uri: string, { port }: NamingServer['database']): Destination[] =>
  destinationsIn(uri, { postgresql: port, postgres: port });
