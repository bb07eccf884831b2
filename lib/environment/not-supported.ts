import type { Path } from '../input/issue';
import { isWhereOthersWrite } from './other-names';

/**
 * What the environment file cannot say, for the messages of unknown keys and for docs/not-supported.md, which is generated
 * from it.
 */
export interface NotSupported {
  /** What it is, as a plural or a mass noun, beginning a sentence. */
  readonly what: string;
  /** The keys under which users look for it, here and in other tools. */
  readonly names: readonly string[];
  /** Sections in which users look for it too, beside the top, `server` and `service`. @default none */
  readonly sections?: readonly string[];
  /** Why it is not there: one sentence. */
  readonly why: string;
  /** What to do instead: a command in the imperative, as it ends a message. */
  readonly instead: string;
}

/** Where the messages point to. */
const PAGE = 'docs/not-supported.md';

/** Everything that is known to be missing. */
export const NOT_SUPPORTED: readonly NotSupported[] = [
  {
    what: 'Objects of your own within the environment file',
    names: ['extraDeploy', 'extraObjects', 'extraManifests', 'extraResources', 'rawResources', 'objects', 'manifests'],
    why: 'As files of their own they keep the form that other tools read and check.',
    instead: 'put them as YAML files into the folder objects beside the file, as in docs/objects.md',
  },
  {
    what: 'Encrypted values within the environment file',
    names: ['sops', 'sopsSecrets', 'encrypted', 'encryptedValues'],
    sections: ['secrets'],
    why: 'A Secret manifest that SOPS encrypts is decrypted by Flux or by hand, without this project.',
    instead: 'put Secret manifests that SOPS encrypted into the folder sops beside the file, as in docs/sops.md',
  },
  {
    what: 'LDAP, SAML and authentication by Kubernetes',
    names: ['saml', 'samlAuth', 'ldap', 'ldapAuth', 'kubernetesAuth'],
    sections: ['auth'],
    why: 'An OpenID provider such as Keycloak, Dex or Authentik speaks them, and OpenID Connect to MLflow.',
    instead: 'put an OpenID provider in between, and set auth.oidc, or bring an app that speaks them (auth.app)',
  },
  {
    what: 'Artifacts in HDFS and the file system of Azure Data Lake Storage (abfss)',
    names: ['abfss', 'adls', 'hdfs'],
    sections: ['artifacts', 'backup'],
    why: 'Each needs its own client in the image and its own credentials.',
    instead: 'use artifacts.s3, artifacts.gcs or artifacts.azure',
  },
  {
    what: 'Databases other than PostgreSQL',
    names: ['mysql', 'mssql', 'mariadb', 'sqlite', 'sqlserver', 'oracle'],
    sections: ['database'],
    why: 'Locks, backups and permissions are built on PostgreSQL and tested with it.',
    instead: 'use PostgreSQL (database.host), or one of its own (database.embedded: {})',
  },
  {
    what: 'Routes of other kinds than Ingress, HTTPRoute and the Route of OpenShift',
    names: ['virtualService', 'ingressRoute', 'httpProxy', 'apisixRoute', 'extraIngresses', 'tunnel'],
    why: 'Each belongs to one controller, and all of them read Ingress or HTTPRoute too.',
    instead:
      'use ingress or gateway, or put the object into the folder objects beside the file, as in docs/objects.md, and set networkPolicy.clients, server.allowedHosts and server.staticPrefix to match it',
  },
  {
    what: 'Service meshes',
    names: ['istio', 'linkerd', 'serviceMesh'],
    why: 'Their sidecars are added in the cluster, and differ in which ports they leave alone.',
    instead: 'set their annotations with annotations or patches',
  },
  {
    what: 'Vertical autoscaling',
    names: ['vpa', 'verticalPodAutoscaler'],
    why: 'The number of workers and the memory limit belong together.',
    instead: 'measure, and set server.resources and server.workers',
  },
];

/** The message for a key that users look for in vain at a path; undefined if it is none of them. */
export function notSupported(path: Path, key: string): string | undefined {
  const row = NOT_SUPPORTED.find(
    ({ names, sections = [] }) =>
      names.includes(key) && (isWhereOthersWrite(path) || sections.includes(String(path[0]))),
  );
  return row && `is not supported (${row.instead}; see ${PAGE})`;
}
