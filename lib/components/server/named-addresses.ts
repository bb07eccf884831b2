import { isRecord } from '../../input/is-record';
import { addressesIn } from '../../mlflow/options';
import type { Destination } from '../shared/contributions/destination';
import { destinationsIn, isLoopback } from '../shared/contributions/destinations';
import { isMetadataAddress } from '../shared/contributions/metadata-services';
import { PROXY } from './variables/proxies';

/** The settings of the server that may name what it connects to. */
export interface NamingServer {
  readonly server: {
    readonly options: Readonly<Record<string, string | number | boolean>>;
    readonly env: Readonly<Record<string, string>>;
    readonly initContainers: readonly Readonly<Record<string, unknown>>[];
    readonly sidecars: readonly Readonly<Record<string, unknown>>[];
  };
  readonly database: { readonly port: number };
  readonly auth: { readonly app?: { readonly env: Readonly<Record<string, string>> } };
}

/** Variables whose URLs are those of clients, not of what a program connects to. */
const CLIENTS = /^(MLFLOW_SERVER_(CORS_ALLOWED_ORIGINS|ALLOWED_HOSTS)|NO_PROXY)$/i;

/** What options of the server name: further databases. */
export const optionDestinations = ({ server, database }: NamingServer): Destination[] =>
  addressesIn(server.options).flatMap((uri) => databasesIn(uri, database));

/** What variables name as a URL, or as a list of URLs, such as a collector of traces. */
export const variableDestinations = ({ server, database }: Omit<NamingServer, 'auth'>): Destination[] =>
  Object.entries(server.env).flatMap(([name, value]) => urlsOf(name, value, database));

/** What variables of the authentication app name, which no other program gets. */
export const appDestinations = ({ auth, database }: NamingServer): Destination[] =>
  Object.entries(auth.app?.env ?? {}).flatMap(([name, value]) => urlsOf(name, value, database));

/** What the variables of containers of users in the server pods name. */
export const containerDestinations = ({ server, database }: NamingServer): Destination[] =>
  [...server.initContainers, ...server.sidecars]
    .flatMap(({ env }): unknown[] => (Array.isArray(env) ? env : []))
    .filter(isRecord)
    .flatMap(({ name, value }) => urlsOf(String(name), typeof value === 'string' ? value : '', database));

/** All of these. */
export const namedDestinations = (sections: NamingServer): Destination[] => [
  ...optionDestinations(sections),
  ...variableDestinations(sections),
  ...appDestinations(sections),
  ...containerDestinations(sections),
];

const urlsOf = (name: string, value: string, database: NamingServer['database']): Destination[] =>
  CLIENTS.test(name)
    ? []
    : withScheme(name, value)
        .split(/[\s,]+(?=[a-z][\w+.-]*:\/\/)/i)
        .flatMap((url) => databasesIn(url, database));

/** A proxy may be named without a scheme. */
const withScheme = (name: string, value: string): string =>
  PROXY.test(name) && /^[\w.[]/.test(value) && !value.includes('://') ? `http://${value}` : value;

/**
 * Without a port libpq takes the one of its variable, which is that of the database. A metadata service has credentials of
 * the node, so only `networkPolicy.egress` opens the way to it.
 */
const databasesIn = (uri: string, { port }: NamingServer['database']): Destination[] =>
  destinationsIn(uri, { postgresql: port, postgres: port }).filter(
    ({ host }) => !isLoopback(host) && !isMetadataAddress(host),
  );
