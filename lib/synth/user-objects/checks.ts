import { nearest } from '../../input/did-you-mean';
import { isRecord } from '../../input/is-record';
import { formatIssues, type Issue, type Path } from '../../input/issue';
import { hasSchema, schemaKinds } from '../../kubernetes/schema';
import { isManifest, type Manifest } from '../manifest';
import type { UserObject } from './user-object';

/** Fields that the API server sets, and that an export from a cluster contains. */
const SET_BY_CLUSTER: readonly Path[] = [
  ['status'],
  ...[
    'creationTimestamp',
    'deletionTimestamp',
    'generation',
    'managedFields',
    'resourceVersion',
    'selfLink',
    'uid',
  ].map((field) => ['metadata', field]),
];

/** What is wrong with objects of a user by themselves, as formatted lines, for an environment that has no output. */
export const objectLines = (objects: readonly UserObject[]): string[] =>
  objects.flatMap(({ manifest, at }) =>
    objectIssues(manifest).flatMap((issue) => (at ? formatIssues([{ ...issue, ...at(issue.path) }]) : [])),
  );

/** What is wrong with an object of a user by itself, whatever else the output contains. */
export function objectIssues(given: unknown): Issue[] {
  if (!isRecord(given)) return [{ path: [], message: 'is not an object (write apiVersion, kind and metadata)' }];
  const { apiVersion, kind, metadata } = given;
  const { name, namespace } = isRecord(metadata) ? metadata : {};
  const form = [
    ...textIssue(['apiVersion'], apiVersion, 'such as networking.k8s.io/v1'),
    ...textIssue(['kind'], kind, 'such as Ingress'),
    ...(metadata === undefined || isRecord(metadata)
      ? textIssue(
          ['metadata', 'name'],
          name,
          'the name of the object; names that a cluster generates are not supported',
        )
      : [{ path: ['metadata'], message: 'is not a map (write metadata.name)' }]),
    ...(namespace === undefined ? [] : textIssue(['metadata', 'namespace'], namespace, 'or remove it')),
  ];
  const stored = SET_BY_CLUSTER.filter((path) => isSet(given, path)).map((path) => ({
    path,
    message: 'is set by the cluster (remove it)',
  }));
  return [...form, ...stored, ...(isManifest(given) ? kindIssues(given) : [])];
}

function textIssue(path: Path, value: unknown, fix: string): Issue[] {
  if (typeof value === 'string' && value !== '') return [];
  return [{ path, message: value === undefined ? `is missing (set it, ${fix})` : `is not a text (set it, ${fix})` }];
}

const isSet = (value: unknown, [step, ...rest]: Path): boolean =>
  isRecord(value) && Object.hasOwn(value, String(step)) && (rest.length === 0 || isSet(value[String(step)], rest));

/** Core kinds that create pods and that the rules do not know. */
const UNCHECKED = new Set(['PodTemplate', 'ReplicationController']);

function kindIssues({ apiVersion, kind, ...fields }: Manifest): Issue[] {
  if (apiVersion === 'v1' && kind === 'Secret') {
    return ['data', 'stringData']
      .filter((field) => isRecord(fields[field]) && Object.keys(fields[field]).length > 0)
      .map((field) => ({
        path: [field],
        message:
          'is readable in git and in the manifests (write a SealedSecret or an ExternalSecret, from which a controller creates the Secret)',
      }));
  }
  if (apiVersion === 'v1' && UNCHECKED.has(kind)) {
    return [{ path: ['kind'], message: `is ${kind}, whose pods are not checked (use a Deployment)` }];
  }
  if (hasSchema({ apiVersion, kind })) return [];
  const meant = nearest(kind, schemaKinds(apiVersion));
  if (meant) return [{ path: ['kind'], message: `is not a kind of ${apiVersion} (did you mean ${meant}?)` }];
  const served = servedVersion(apiVersion, kind);
  return served ? [{ path: ['apiVersion'], message: `does not serve ${kind} any more (use ${served})` }] : [];
}

/** API groups from which kinds moved. */
const FORMER_GROUPS = /^(extensions|apps|batch|policy|autoscaling|networking\.k8s\.io|rbac\.authorization\.k8s\.io)$/;

/** The version that serves a kind in place of a beta version; undefined if it is none of those. */
function servedVersion(apiVersion: string, kind: string): string | undefined {
  const [group = '', version = ''] = apiVersion.split('/');
  if (!FORMER_GROUPS.test(group) || !/^v\d+beta\d+$/.test(version)) return undefined;
  return [
    'apps/v1',
    'batch/v1',
    'policy/v1',
    'autoscaling/v2',
    'networking.k8s.io/v1',
    'rbac.authorization.k8s.io/v1',
  ].find((served) => hasSchema({ apiVersion: served, kind }));
}
