import type { Issue, LocatedIssue, Path, Position } from '../../input/issue';
import { hasSchema } from '../../kubernetes/schema';
import { groupOf, identity, type Manifest } from '../manifest';

/** An object that a user adds to the output of an environment. */
export interface UserObject {
  /** The object as it is written, which need not be a valid one. */
  readonly manifest: unknown;
  /** Where a value of it is written in a file. @default it is not in a file */
  readonly at?: Origin;
  /** The path by which issues name it, if it is not in a file. @default `objects`, and its index in the list */
  readonly path?: Path;
  /** Whether one that others need depends on it. @default false */
  readonly isFirst?: boolean;
}

/** A place in a file: its position, and the path as issues name it. */
export interface Place {
  readonly at: Position;
  readonly path: Path;
}

/** Where a value of an object is written. */
export type Origin = (path: Path) => Place;

/** An object of the output that a user added. */
export interface AddedObject {
  readonly manifest: Manifest;
  readonly locate: (issue: Issue) => Issue | LocatedIssue;
  /** Whether kubectl must apply it before others. */
  readonly isFirst: boolean;
}

/** A Secret that you, or Flux, apply beside the output. */
export interface AppliedSecret {
  readonly namespace: string;
  readonly name: string;
  /** Where it is. */
  readonly file: string;
}

/** Locates issues of an object, whose paths begin within it. */
export const locator =
  ({ at, path = [] }: Pick<UserObject, 'at' | 'path'>) =>
  (issue: Issue): Issue | LocatedIssue =>
    at ? { ...issue, ...at(issue.path) } : { ...issue, path: [...path, ...issue.path] };

/** API groups without a kind from which pods, Services or ConfigMaps are created: Kubernetes' own, routes, certificates. */
const CREATE_NOTHING = new Set([
  ...['', 'apps', 'autoscaling', 'batch', 'policy', 'bitnami.com', 'route.openshift.io', 'monitoring.coreos.com'],
  ...[
    'cert-manager.io',
    'acme.cert-manager.io',
    'external-secrets.io',
    'cilium.io',
    'traefik.io',
    'traefik.containo.us',
  ],
  ...['networking.istio.io', 'security.istio.io', 'telemetry.istio.io', 'extensions.istio.io'],
  ...[
    ...['networking', 'gateway.networking', 'policy.networking', 'rbac.authorization', 'storage', 'snapshot.storage'],
    ...['scheduling', 'node', 'coordination', 'discovery', 'admissionregistration', 'apiextensions', 'certificates'],
    ...['flowcontrol.apiserver', 'resource', 'apiregistration', 'events'],
  ].map((group) => `${group}.k8s.io`),
]);

/** The objects that a user added to an output, by what identifies them: rules see copies. */
export class AddedObjects {
  private readonly byIdentity: ReadonlyMap<string, AddedObject>;

  /**
   * @param isComplete whether every object that was given is among them
   * @param secrets what is applied beside them
   */
  constructor(
    readonly all: readonly AddedObject[],
    readonly isComplete = true,
    readonly secrets: readonly AppliedSecret[] = [],
  ) {
    this.byIdentity = new Map(all.map((added) => [identity(added.manifest), added]));
  }

  /** The added object that an object of the output is, if it is one. */
  find(object: Manifest): AddedObject | undefined {
    return this.byIdentity.get(identity(object));
  }

  has(object: Manifest): boolean {
    return this.find(object) !== undefined;
  }

  /** Whether nothing is known of an object but that it is one: it is of a custom kind. */
  isOpaque(object: Manifest): boolean {
    return this.has(object) && !hasSchema(object);
  }

  /** Whether an operator may create pods, Services and the like that the output does not contain. */
  mayCreateMore(): boolean {
    return this.all.some(({ manifest }) => !hasSchema(manifest) && !CREATE_NOTHING.has(groupOf(manifest)));
  }
}

/** An output without objects of users. */
export const NONE_ADDED = new AddedObjects([]);
