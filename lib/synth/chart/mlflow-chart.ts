import { Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import { outerUris } from '../../components/service/accepted';
import { clientPort, trackingUri } from '../../components/service/hosts';
import { createComponents } from '../../environment/create-components';
import { formatUnlocated, type Issue, type LocatedIssue } from '../../input/issue';
import { printable } from '../../input/printable';
import { selectorLabels } from '../../kubernetes/metadata';
import type { EnvVar, KubeService } from '../../kubernetes/objects';
import { type Inspection, inspect } from '../inspect';
import type { Manifest } from '../manifest';
import { withReasonsOnce } from '../rules/reasons';
import { clientEnv, secretHandles } from './derive-handles';
import { readChartFile } from './file';
import type { SecretHandle, ServerHandle } from './handles';
import { type ChartContents, ChartObjects, PATCHES } from './objects';
import { inOrder } from './order';
import type { ChartOptions, MlflowChartProps } from './props';
import { pathOf, readAt } from './read-at';
import { readProps } from './read-props';
import { ChartSource, type SourceParts } from './source';

/** What an inspection found, for the contents of a chart at that time. */
interface Known extends Inspection {
  readonly fingerprint: string;
}

/** MlflowChart, or a class that extends it. */
type ChartClass<T> = new (scope: Construct, id: string, props: MlflowChartProps) => T;

/** The chart that is rendered by itself. */
let rendered: MlflowChart | undefined;

/**
 * An MLflow tracking server, with everything that the keys of its environment say: Deployment, Service, ConfigMaps,
 * NetworkPolicies, Secrets, backups, alerts and more.
 *
 * Constructs that you add to the chart, and patches by `addJsonPatch`, are checked with the rest when the app is
 * synthesized: names, references, selectors, Pod Security, ports, resources and the fields of each kind.
 *
 * @example
 * const app = new App();
 * new MlflowChart(app, 'mlflow', {
 *   database: { host: 'postgres.databases.svc' },
 *   artifacts: { s3: { bucket: 'mlflow-artifacts' } },
 * });
 * app.synth();
 */
export class MlflowChart extends Chart {
  /**
   * Creates the chart of an environment file, with the files that it extends, the folders `objects` and `sops` beside it
   * and `sealed-secrets.yaml`: what `cdk8s-mlflow synth` writes for that folder.
   *
   * @param scope the app
   * @param id the id of the chart, after which its output is named
   * @param file the path of the environment file, from the working folder
   * @param options what the file does not say
   * @throws InputError with every issue of the files, each with its line, and EnvironmentError if an argument is wrong.
   */
  static fromFile<T extends MlflowChart>(
    this: ChartClass<T>,
    scope: Construct,
    id: string,
    file: string,
    options: ChartOptions = {},
  ): T {
    const source = readAt(MlflowChart.fromFile, pathOf(scope, id), () => readChartFile(file, options));
    // A chart takes a source in place of its props, which only we create.
    return new this(scope, id, source as unknown as MlflowChartProps);
  }

  /**
   * By the classes of a value: what Chart has instead takes each chart for an instance of each subclass.
   *
   * @param value any value
   */
  static override [Symbol.hasInstance](value: unknown): value is MlflowChart {
    // biome-ignore lint/complexity/noThisInStatic: each subclass inherits this and has instances of its own
    return Function.prototype[Symbol.hasInstance].call(this, value);
  }

  /** The namespace of the instance, which every namespaced object that you add to the chart is in. */
  declare readonly namespace: string;

  /** The name of the instance: the key `name`, and the name of its Deployment and Service. */
  readonly instanceName: string;

  /** The MLflow release in the image, as in `3.18.0`. */
  readonly release: string;

  /** The tracking server. */
  readonly server: ServerHandle;

  /** The Service by which clients reach the server. */
  readonly service: KubeService;

  /** The port of the Service. */
  readonly servicePort: number;

  /** The tracking URI of clients in the cluster: the Service by its full name, with its port. */
  readonly trackingUri: string;

  /**
   * The tracking URIs of clients outside the cluster: at the Ingress, HTTPRoute or Route, and at addresses of the
   * Service. Empty if no key says how clients reach the server.
   */
  readonly externalUris: readonly string[];

  /** The Secrets that the instance reads, whatever creates them. */
  readonly secrets: readonly SecretHandle[];

  readonly #source: SourceParts;
  readonly #objects: ChartObjects;
  /** The ids of what the environment itself is made of. */
  readonly #own: ReadonlySet<string>;
  readonly #told = new Set<string>();
  #known: Known | undefined;

  /**
   * Creates an MLflow tracking server from the keys of an environment.
   *
   * @param scope the app
   * @param id the id of the chart, after which its output is named
   * @param props the keys, as in docs/configuration.md, and what the folder of an environment has besides
   * @throws EnvironmentError with every issue of the keys, each with the path of its key.
   */
  constructor(scope: Construct, id: string, props: MlflowChartProps);
  /** @internal */
  constructor(scope: Construct, id: string, source: ChartSource);
  constructor(scope: Construct, id: string, given: MlflowChartProps | ChartSource) {
    const path = pathOf(scope, id);
    const { parts } = given instanceof ChartSource ? given : readAt(MlflowChart, path, () => readProps(given));
    const { environment } = parts;
    super(scope, id, { disableResourceNameHashes: true, namespace: environment.namespace.name });
    const { server, service } = readAt(MlflowChart, path, () => createComponents(this, environment, parts));
    this.#source = parts;
    this.#own = new Set(this.node.children.map(({ node }) => node.id));
    this.#objects = new ChartObjects(this, environment, parts.userObjects);
    this.instanceName = environment.name;
    this.release = environment.release.version;
    this.server = {
      deployment: server.deployment,
      serviceAccountName: environment.server.serviceAccount.name,
      selectorLabels: selectorLabels(environment, 'server'),
      port: clientPort(environment),
    };
    this.service = service.service;
    this.servicePort = environment.service.port;
    this.trackingUri = trackingUri(environment);
    this.externalUris = outerUris(environment).map(({ uri }) => uri);
    this.secrets = secretHandles(environment);
    this._tell(parts.warnings);
    this.node.addValidation({ validate: () => this.#validate() });
  }

  /**
   * The environment variables with which a container in the namespace of the instance uses the server: its tracking URI
   * and, for a user, the login from the Secret of that user. For another namespace, use the key `clients`, which copies
   * them there. With `service.tls`, the container also needs the CA certificate, and the path of its file in
   * `MLFLOW_TRACKING_SERVER_CERT_PATH`.
   *
   * @param user the name of one of `auth.users`; if unset, the variables have no login
   * @throws EnvironmentError if there is no such user.
   */
  clientEnv(user?: string): EnvVar[] {
    return readAt(this.clientEnv, this.node.path, () => clientEnv(this.#source.environment, user));
  }

  /**
   * The finished objects.
   *
   * @throws Error with every issue of the objects, as `app.synth()`: cdk8s collects them. `compose` and `writeCharts` throw
   *   an InputError instead.
   */
  override toJson(): Manifest[] {
    rendered = this;
    try {
      return inOrder(this, super.toJson());
    } finally {
      rendered = undefined;
    }
  }

  /**
   * The finished objects by file, and what is wrong with them.
   *
   * @internal
   */
  _inspect({ issues, ...contents }: ChartContents = this.#objects.contents()): Inspection {
    const { sealedSecrets, sopsSecrets } = this.#source;
    const found = inspect({ ...contents, sealedSecrets, sopsSecrets });
    return { ...found, issues: [...issues, ...found.issues] };
  }

  /**
   * Formats an issue as one line.
   *
   * @internal
   */
  _line(issue: Issue | LocatedIssue): string {
    const [first] = issue.path;
    // A construct or a patch of the app is in no file.
    const isWritten =
      first === PATCHES || this.node.children.some(({ node }) => node.id === first && !this.#own.has(first));
    return isWritten && !('at' in issue) ? formatUnlocated(issue) : this.#source.line(issue);
  }

  /**
   * Called by cdk8s, which validates the whole app for each chart that it renders: the rules are checked again only if
   * something has changed.
   */
  #validate(): string[] {
    if (rendered && rendered !== this && this.#known?.issues.length === 0) return [];
    const contents = this.#objects.contents();
    const { fingerprint } = contents;
    if (this.#known?.fingerprint !== fingerprint) this.#known = { fingerprint, ...this._inspect(contents) };
    const { issues, warnings } = this.#known;
    if (issues.length === 0) this._tell(warnings.map((warning) => this._line(warning)));
    return withReasonsOnce(issues.map((issue) => this._line(issue)));
  }

  /**
   * Hands over each warning once.
   *
   * @internal
   */
  _tell(warnings: readonly string[]): void {
    const warn = this.#source.warn ?? ((line) => console.warn(`warning: [${printable(this.node.path)}] ${line}`));
    for (const line of warnings) {
      if (!this.#told.has(line)) warn(line);
      this.#told.add(line);
    }
  }
}
