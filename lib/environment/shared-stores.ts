import { artifactStore } from '../components/artifacts/stores';
import { usesBasicAuth } from '../components/auth/login';
import { backupDestination } from '../components/backup/destinations/destinations';
import type { ObjectFolder } from '../components/shared/object-folder';
import { formatPath, type Path } from '../input/issue';
import { type Surroundings, serviceNamed } from '../kubernetes/service-names';
import { claimsOf } from './contributions';
import type { ResolvedEnvironment } from './resolved-environment';
import type { SharedThing } from './shared-thing';

/** Where an environment stores something. */
export const sharedStores = (environment: ResolvedEnvironment): SharedThing[] => [
  ...databases(environment),
  ...artifacts(environment),
  ...backups(environment),
  ...claims(environment),
  ...identities(environment),
];

function databases(environment: ResolvedEnvironment): SharedThing[] {
  const { host, port, name, authName, embedded } = environment.database;
  const { app } = environment.auth;
  // An embedded store is the instance's own.
  if (embedded) return [];
  const { id, isOfCluster, exception } = reached(host, environment);
  const named: [Path, string][] = [
    [['database', 'name'], name],
    ...(usesBasicAuth(environment.auth) ? [[['database', 'authName'], authName] satisfies [Path, string]] : []),
    ...(app?.database ? [[['auth', 'app', 'database', 'name'], app.database.name] satisfies [Path, string]] : []),
  ];
  return named.map(([key, database]) => ({
    path: ['database', 'host'],
    keys: [['database', 'host'], ['database', 'port'], key],
    id: `${id}:${port}/${database}`,
    noun: 'database',
    name: database,
    location: ` at ${host}`,
    consequence: `both servers migrate and use the same tables${exception}`,
    ways: ['database.host', formatPath(key)],
    isOfCluster,
  }));
}

function artifactsPath({ artifacts: { azure, gcs, volume } }: ResolvedEnvironment): Path {
  return ['artifacts', (azure && 'azure') ?? (gcs && 'gcs') ?? (volume && 'volume') ?? 's3'];
}

function artifacts(environment: ResolvedEnvironment): SharedThing[] {
  const { volume, embedded } = environment.artifacts;
  const { folder, hosts = [] } = artifactStore(environment.artifacts);
  const at = artifactsPath(environment);
  const consequence = 'both write artifacts there, and garbage collection of either deletes there';
  if (volume) return [volumeFolder(environment, at, [...at, 'prefix'], volume, consequence)];
  if (!folder || embedded) return [];
  return [bucketFolder(environment, at, [...at, 'prefix'], { folder, hosts }, consequence)];
}

function backups(environment: ResolvedEnvironment): SharedThing[] {
  const { backup } = environment;
  if (!backup) return [];
  const { path, folder, hosts = [], claim } = backupDestination(backup.destination);
  const prefix = ['backup', 'destination', 'prefix'];
  const consequence = 'both write backups there, and the retention of either deletes backups of both';
  if (claim) {
    const volume = { name: claim.name, prefix: backup.destination.prefix };
    return [volumeFolder(environment, path, prefix, volume, consequence)];
  }
  return folder ? [bucketFolder(environment, path, prefix, { folder, hosts }, consequence)] : [];
}

/** A folder of a bucket, or of a container. */
function bucketFolder(
  environment: ResolvedEnvironment,
  at: Path,
  prefixKey: Path,
  { folder, hosts }: { readonly folder: (from: Surroundings) => ObjectFolder; readonly hosts: readonly string[] },
  consequence: string,
): SharedThing {
  const { store, bucket, prefix } = folder(surroundings(environment));
  const [server] = hosts.map((url) => reached(new URL(url).hostname, environment));
  const word = at.includes('azure') ? 'container' : 'bucket';
  const path = [...at, word];
  return {
    path,
    // Whatever the kind has of these.
    keys: [path, prefixKey, ...['account', 'cloud', 'endpoint'].map((key) => [...at, key])],
    id: JSON.stringify([at, store, bucket, prefix]),
    noun: `${prefix === undefined ? '' : `folder ${prefix} of `}${word}`,
    name: bucket,
    consequence: `${consequence}${server?.exception ?? ''}`,
    ways: [formatPath(path), formatPath(prefixKey)],
    isOfCluster: server?.isOfCluster,
  };
}

/** A folder of a volume. */
function volumeFolder(
  environment: ResolvedEnvironment,
  at: Path,
  prefixKey: Path,
  { name, prefix }: { readonly name: string; readonly prefix: string },
  consequence: string,
): SharedThing {
  const path = [...at, 'name'];
  return {
    path,
    keys: [path, prefixKey],
    id: JSON.stringify([at, environment.namespace.name, name, prefix]),
    noun: `folder ${prefix} of claim`,
    name,
    consequence,
    ways: [formatPath(path), formatPath(prefixKey)],
    isOfCluster: true,
  };
}

/** Claims that are in the output of both. */
const claims = (environment: ResolvedEnvironment): SharedThing[] =>
  claimsOf(environment)
    .filter(({ create }) => create)
    .map(({ claim, path }) => ({
      path,
      keys: [path],
      id: `${environment.namespace.name}/${claim.name}`,
      noun: 'claim',
      name: claim.name,
      consequence: 'both create it, and pods of both use it',
      ways: [formatPath(path)],
      isOfCluster: true,
    }));

/** Roles and accounts of a cloud as which pods open a store. */
function identities(environment: ResolvedEnvironment): SharedThing[] {
  const destination = environment.backup && backupDestination(environment.backup.destination);
  const stores = [
    { at: artifactsPath(environment), identity: artifactStore(environment.artifacts).identity },
    ...(destination ? [{ at: destination.path, identity: destination.identity }] : []),
  ];
  return stores.flatMap(({ at, identity }) => {
    if (!identity?.principal) return [];
    const { path: below, value, kind } = identity.principal;
    const path = [...at, ...below];
    return [
      {
        path,
        keys: [path],
        id: JSON.stringify([path, identity.issuer, value]),
        noun: kind,
        name: value,
        consequence: 'pods of either may open what the other may',
        ways: [formatPath(path)],
      },
    ];
  });
}

/**
 * Where pods look up a host: a name of one word is a Service of their namespace if a policy lets them connect only there.
 * Otherwise it may be a machine that the nodes find by their search domains, and the namespace is empty.
 */
const surroundings = ({ clusterDomain, namespace, networkPolicy }: ResolvedEnvironment): Surroundings => {
  const isConfined = networkPolicy.enabled && networkPolicy.egress.every(({ cidr }) => cidr === undefined);
  return { namespace: isConfined ? namespace.name : '', clusterDomain };
};

/** What pods reach by a host name. */
interface Reached {
  /** The same text for the same one, whatever the namespace of the pods. */
  readonly id: string;
  /** Whether each cluster has its own. */
  readonly isOfCluster: boolean;
  /** When it is not the same for pods of another namespace, as the end of a sentence. */
  readonly exception: string;
}

function reached(host: string, environment: ResolvedEnvironment): Reached {
  const service = serviceNamed(host, surroundings(environment));
  if (!service) return { id: host.toLowerCase().replace(/\.$/, ''), isOfCluster: false, exception: '' };
  const isWord = service.namespace === '';
  return {
    id: `${service.name}.${service.namespace}`,
    isOfCluster: !service.isAmbiguous && !isWord,
    exception: isWord ? `, unless ${host} is a Service beside each of them` : '',
  };
}
