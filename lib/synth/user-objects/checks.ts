import { nearest } from '../../input/did-you-mean';
import { isRecord } from '../../input/is-record';
import { formatIssues, type Issue, type Path } from '../../input/issue';
import { apiVersionsOf, everySchemaKind, hasSchema } from '../../kubernetes/schema';
import { isBuiltIn } from '../../kubernetes/scope';
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
    ...versionIssue(apiVersion, apiVersionsOf(String(kind))[0] ?? 'networking.k8s.io/v1'),
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

function versionIssue(value: unknown, example: string): Issue[] {
  const path = ['apiVersion'];
  if (typeof value !== 'string' || value.split('/').length <= 2) return textIssue(path, value, `such as ${example}`);
  return [{ path, message: `is not GROUP/VERSION (write it, such as ${example})` }];
}

const isSet = (value: unknown, [step, ...rest]: Path): boolean =>
  isRecord(value) && Object.hasOwn(value, String(step)) && (rest.length === 0 || isSet(value[String(step)], rest));

/** SOPS signs a file as a whole, and the API server knows no field `sops`. */
const OF_SOPS =
  'is of SOPS, which cannot decrypt what synth would write (move the file into the folder sops beside this one)';

/** Core kinds that create pods and that the rules do not know. */
const UNCHECKED = new Set(['PodTemplate', 'ReplicationController']);

function kindIssues({ apiVersion, kind, ...fields }: Manifest): Issue[] {
  if (kind === 'Secret' && isBuiltIn(apiVersion)) {
    if (fields.sops !== undefined) return [{ path: ['sops'], message: OF_SOPS }];
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
  if (hasSchema({ apiVersion, kind }) || !isBuiltIn(apiVersion) || WITHOUT_SCHEMA.has(kind)) return [];
  const served = apiVersionsOf(kind).join(' or ');
  if (served)
    return [{ path: ['apiVersion'], message: `is ${apiVersion}, in which ${kind} is not known (use ${served})` }];
  const meant = nearest(kind, everySchemaKind());
  if (!meant) return [];
  const versions = apiVersionsOf(meant);
  const hint = versions.includes(apiVersion) ? meant : `${meant} of ${versions.join(' or ')}`;
  return [{ path: ['kind'], message: `is not a kind of ${apiVersion} (did you mean ${hint}?)` }];
}

/** Kinds of these groups without a schema here, so that they are not taken for misspelt ones. */
const WITHOUT_SCHEMA = new Set([
  ...['PersistentVolume', 'Endpoints', 'Event', 'Node', 'Binding', 'ControllerRevision', 'ComponentStatus'],
  ...['IngressClass', 'IPAddress', 'ServiceCIDR'],
]);
