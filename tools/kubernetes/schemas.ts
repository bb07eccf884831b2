import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Schema, Schemas } from '../../lib/kubernetes/schema';
import { BACKEND_CONFIG } from './backend-config';
import { choicesOf } from './choices';
import { ENUMS } from './enums';
import { EXTERNAL_SECRET } from './external-secret';
import { FORMS } from './forms';
import { BACKEND_POLICY, HEALTH_CHECK_POLICY } from './google-policies';
import { LIMITS } from './limits';
import { REQUIRED } from './required';

/** The release of Kubernetes whose OpenAPI documents are read: the newest that the validators support. */
export const RELEASE = 'v1.36.3';

/** The kinds that environments are rendered to, and other kinds that are often used with them. */
const KINDS: Readonly<Record<string, readonly string[]>> = {
  v1: [
    'ConfigMap',
    'LimitRange',
    'Namespace',
    'PersistentVolumeClaim',
    'Pod',
    'ResourceQuota',
    'Secret',
    'Service',
    'ServiceAccount',
  ],
  'apps/v1': ['DaemonSet', 'Deployment', 'ReplicaSet', 'StatefulSet'],
  'autoscaling/v2': ['HorizontalPodAutoscaler'],
  'batch/v1': ['CronJob', 'Job'],
  'networking.k8s.io/v1': ['Ingress', 'NetworkPolicy'],
  'policy/v1': ['PodDisruptionBudget'],
  'rbac.authorization.k8s.io/v1': ['ClusterRole', 'ClusterRoleBinding', 'Role', 'RoleBinding'],
};

/** Definitions below `crds/`: those with classes in `imports/`, and those whose classes would be large. */
const CRDS = [
  'prometheusrule',
  'sealedsecret',
  'servicemonitor',
  'untyped/backendtlspolicy',
  'untyped/certificate',
  'untyped/httproute',
  'untyped/route',
];

const METADATA = 'ObjectMeta';

/** A schema as OpenAPI documents and CRDs write it. */
interface OpenApiSchema {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly allOf?: readonly OpenApiSchema[];
  readonly oneOf?: readonly OpenApiSchema[];
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly required?: readonly string[];
  readonly items?: OpenApiSchema;
  readonly enum?: readonly (string | number)[];
  readonly pattern?: string;
  readonly 'x-kubernetes-int-or-string'?: boolean;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

/**
 * The schemas of all kinds.
 *
 * @param pathOf the file of the OpenAPI document of an `apiVersion`, at the release
 * @param crds the folder of the custom resource definitions
 */
export function kubernetesSchemas(pathOf: (apiVersion: string) => string, crds: string): Schemas {
  const kinds: Record<string, string> = {};
  const definitions = new Map<string, Schema>();
  for (const [apiVersion, names] of Object.entries(KINDS)) {
    const { components } = JSON.parse(readFileSync(pathOf(apiVersion), 'utf8')) as {
      components: { schemas: Record<string, OpenApiSchema> };
    };
    for (const kind of names) {
      kinds[`${apiVersion} ${kind}`] = addDefinition(
        fullName(components.schemas, apiVersion, kind),
        components.schemas,
        definitions,
      );
    }
  }
  for (const [identity, schema] of customSchemas(crds)) {
    const kind = identity.split(' ').at(-1) ?? '';
    const known = definitions.get(kind);
    // Versions mostly differ in nothing but their name.
    const name = known && JSON.stringify(known) !== JSON.stringify(schema) ? identity : kind;
    kinds[identity] = name;
    definitions.set(name, schema);
  }
  return {
    source: `Kubernetes ${RELEASE}, crds/ and tools/kubernetes (npm run generate:kubernetes)`,
    kinds,
    definitions: Object.fromEntries([...definitions].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The text of the generated file. One line for each definition: small, and a change of one is a change of one line. */
export function schemasText({ source, kinds, definitions }: Schemas): string {
  const lines = (map: object) =>
    Object.entries(map)
      .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`)
      .join(',\n');
  return `{"source":${JSON.stringify(source)},\n"kinds":{\n${lines(kinds)}},\n"definitions":{\n${lines(definitions)}}}\n`;
}

/** Schemas that are written here, in place of definitions that are large or not published. */
const WRITTEN: Readonly<Record<string, Schema>> = {
  'external-secrets.io/v1 ExternalSecret': EXTERNAL_SECRET,
  'cloud.google.com/v1 BackendConfig': BACKEND_CONFIG,
  'networking.gke.io/v1 GCPBackendPolicy': BACKEND_POLICY,
  'networking.gke.io/v1 HealthCheckPolicy': HEALTH_CHECK_POLICY,
};

/** The schemas of custom resources, by `group/version Kind`. */
export function customSchemas(crds: string): ReadonlyMap<string, Schema> {
  const read = CRDS.flatMap((name) => {
    const { spec } = parse(readFileSync(join(crds, `${name}.yaml`), 'utf8')) as {
      spec: {
        group: string;
        names: { kind: string };
        versions: { name: string; served: boolean; schema: { openAPIV3Schema: OpenApiSchema } }[];
      };
    };
    const versions = spec.versions.filter(({ served }) => served);
    if (versions.length === 0) throw new Error(`${name} has no version`);
    return versions.map(({ name: version, schema: { openAPIV3Schema } }) => {
      const schema = withMetadata(convert(openAPIV3Schema, spec.names.kind));
      return [`${spec.group}/${version} ${spec.names.kind}`, schema] as const;
    });
  });
  const written = Object.entries(WRITTEN).map(([identity, schema]) => [identity, withMetadata(schema)] as const);
  return new Map([...read, ...written]);
}

const withMetadata = (schema: Schema): Schema => ({
  ...schema,
  properties: { ...schema.properties, metadata: { $ref: METADATA }, status: {} },
});

function fullName(schemas: Readonly<Record<string, OpenApiSchema>>, apiVersion: string, kind: string): string {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const found = Object.entries(schemas).find(([, schema]) =>
    schema['x-kubernetes-group-version-kind']?.some(
      (each) => each.group === group && each.version === version && each.kind === kind,
    ),
  );
  if (!found) throw new Error(`no schema of ${apiVersion} ${kind}`);
  return found[0];
}

const shortName = (name: string) => name.split('.').at(-1) ?? name;

/** Adds a definition and all that it refers to. Returns its short name. */
function addDefinition(
  name: string,
  schemas: Readonly<Record<string, OpenApiSchema>>,
  definitions: Map<string, Schema>,
): string {
  const short = shortName(name);
  const given = schemas[name];
  if (!given) throw new Error(`no schema ${name}`);
  const schema = convert(given, short);
  const present = definitions.get(short);
  if (present && JSON.stringify(present) !== JSON.stringify(schema)) throw new Error(`two definitions of ${short}`);
  if (present) return short;
  definitions.set(short, schema);
  for (const reference of referencesIn(schema)) {
    const full = Object.keys(schemas).filter((each) => shortName(each) === reference);
    if (full.length !== 1) throw new Error(`${full.length} definitions of ${reference}`);
    addDefinition(full[0] ?? '', schemas, definitions);
  }
  return short;
}

function referencesIn(schema: Schema): string[] {
  const inner = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties];
  return [...(schema.$ref ? [schema.$ref] : []), ...inner.flatMap((each) => (each ? referencesIn(each) : []))];
}

/** Keeps what decides whether a value is accepted. Fields that only the cluster writes are not checked. */
function convert(given: OpenApiSchema, owner: string, field = ''): Schema {
  const reference = given.$ref ?? given.allOf?.[0]?.$ref;
  if (reference) return { ...simpleReference(shortName(reference)), ...rulesOf(owner, field) };
  const rules = rulesOf(owner, field);
  if (given['x-kubernetes-int-or-string']) return { type: 'intOrString', ...rules };
  const { type, properties, items, additionalProperties, pattern } = given;
  const required = field === '' ? [...(given.required ?? []), ...(REQUIRED[owner] ?? [])] : (given.required ?? []);
  const choices = field === '' ? choicesOf(owner, properties) : [];
  // Values are compared as text.
  const values = ENUMS[`${owner}.${field}`] ?? given.enum?.map(String);
  const open = given['x-kubernetes-preserve-unknown-fields'] ? {} : additionalProperties;
  return {
    ...(type ? { type: type as Schema['type'] } : {}),
    ...(properties ? { properties: convertProperties(properties, owner) } : {}),
    ...(typeof open === 'object' ? { additionalProperties: convert(open, owner, `${field}{}`) } : {}),
    ...(required.length > 0 ? { required } : {}),
    ...(choices.length > 0 ? { choices } : {}),
    ...(items ? { items: convert(items, owner, `${field}[]`) } : {}),
    ...(values ? { enum: values } : {}),
    ...(pattern ? { pattern } : {}),
    ...rules,
  };
}

/** What the API server checks beyond its document. */
function rulesOf(owner: string, field: string): Schema {
  const [minimum, maximum] = LIMITS[`${owner}.${field}`] ?? [];
  const grammar = FORMS[`${owner}.${field}`];
  return {
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...(grammar ? { pattern: grammar.pattern.source, form: grammar.form } : {}),
    ...(grammar?.maximum === undefined ? {} : { maxLength: grammar.maximum }),
  };
}

function convertProperties(properties: Readonly<Record<string, OpenApiSchema>>, owner: string): Record<string, Schema> {
  const written = (key: string) => key === 'status' || key === 'managedFields';
  return Object.fromEntries(
    Object.entries(properties).map(([key, inner]) => [key, written(key) ? {} : convert(inner, owner, key)]),
  );
}

/** Types that are not maps of fields. */
const SIMPLE: Readonly<Record<string, Schema>> = {
  IntOrString: { type: 'intOrString' },
  Quantity: { type: 'quantity' },
  Time: { type: 'string' },
  MicroTime: { type: 'string' },
};

const simpleReference = (name: string): Schema => SIMPLE[name] ?? { $ref: name };
