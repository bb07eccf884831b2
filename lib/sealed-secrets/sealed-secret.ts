import { dataKey, objectName } from '../components/shared/sections/fields';
import type { Position } from '../input/issue';
import { onOneLine, readNote, type SealNote } from './ciphertext';
import { SCOPE_ANNOTATIONS, type Scope } from './seal';
import { isNothing, type PlacedText, type PlacedTexts, type YamlEntry, type YamlReader } from './yaml-tree';

/** The version of the API that all releases of the controller have. */
export const API_VERSION = 'bitnami.com/v1alpha1';
/** What one object of the file is. */
export const KIND = 'SealedSecret';

/** A sealed value with its place. */
export interface SealedValue extends PlacedText {
  /** Which certificate it was sealed with, and for what, where that is noted. */
  readonly note?: SealNote;
}

/** What the Secret gets besides the sealed values. */
export interface SealedTemplate {
  readonly at: Position;
  readonly type?: PlacedText;
  readonly immutable?: boolean;
  readonly labels: PlacedTexts;
  readonly annotations: PlacedTexts;
  /** Texts that the controller fills in with opened values. */
  readonly data: PlacedTexts;
}

/** One SealedSecret of the file. */
export interface SealedSecret {
  readonly at: Position;
  readonly namespace: string;
  readonly name: string;
  readonly scope: Scope;
  readonly labels: PlacedTexts;
  readonly annotations: PlacedTexts;
  readonly encryptedData: ReadonlyMap<string, SealedValue>;
  readonly template: SealedTemplate;
}

/** An object of the file that was found to be a map. */
export interface ObjectEntry {
  readonly entry: YamlEntry;
  readonly fields: Map<string, YamlEntry>;
}

/** What a cluster or a program adds to metadata and nobody means. */
const MACHINE_METADATA = ['creationTimestamp', 'generation', 'managedFields', 'resourceVersion', 'selfLink', 'uid'];
const MACHINE_ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';
const [OBJECT_NAME, DATA_KEY] = [objectName(), dataKey()];

/** Whether a field is exactly a text. */
export const isText = (entry: YamlEntry | undefined, text: string): boolean =>
  (entry?.node as { value?: unknown } | null | undefined)?.value === text;

/** Reads one object. Undefined when it has no identity, and then there is an issue. */
export function readSealedSecret(reader: YamlReader, { entry, fields }: ObjectEntry): SealedSecret | undefined {
  const kind = fields.get('kind');
  if (!isText(kind, KIND)) {
    reader.blame(kind?.at ?? entry.at, kind?.path ?? entry.path, kindIssue(kind));
    return undefined;
  }
  const version = fields.get('apiVersion');
  if (!isText(version, API_VERSION)) {
    reader.blame(version?.at ?? entry.at, [...entry.path, 'apiVersion'], `is not ${API_VERSION} (write it so)`);
  }
  reader.refuseOthers(fields, ['apiVersion', 'kind', 'metadata', 'spec', 'status'], 'is no field of a SealedSecret');

  const metadata = readMetadata(reader, fields.get('metadata'), ['name', 'namespace']);
  const place = { at: fields.get('metadata')?.at ?? entry.at, path: [...entry.path, 'metadata'] };
  const name = readName(reader, metadata.fields.get('name'), 'name', place);
  const namespace = readName(reader, metadata.fields.get('namespace'), 'namespace', place);
  const spec = readSpec(reader, fields.get('spec'), entry);
  if (name === undefined || namespace === undefined) return undefined;
  const { labels, annotations } = metadata;
  return { at: entry.at, name, namespace, scope: scopeOf(annotations), labels, annotations, ...spec };
}

function kindIssue(kind: YamlEntry | undefined): string {
  const only = 'only SealedSecret belongs here';
  if (!kind) return `has no kind (${only})`;
  if (isText(kind, 'Secret')) {
    return "is a Secret in plain text (seal it: cdk8s-mlflow seal, or kubeseal -o yaml; and change the value, since it is in git's history)";
  }
  const name = (kind.node as { value?: unknown } | null)?.value;
  return typeof name === 'string' && /^[A-Za-z]{1,63}$/.test(name) ? `is ${name} (${only})` : `is unknown (${only})`;
}

function readName(
  reader: YamlReader,
  entry: YamlEntry | undefined,
  field: string,
  { at, path }: Pick<YamlEntry, 'at' | 'path'>,
): string | undefined {
  if (!entry) {
    reader.blame(at, [...path, field], `is missing (write the Secret's ${field})`);
    return undefined;
  }
  const text = reader.string(entry);
  if (text === undefined || OBJECT_NAME.safeParse(text).success) return text;
  reader.blame(entry.at, entry.path, 'is no name in Kubernetes (use lower case letters, digits, - and .)');
  return undefined;
}

interface Metadata {
  readonly fields: ReadonlyMap<string, YamlEntry>;
  readonly labels: PlacedTexts;
  readonly annotations: PlacedTexts;
}

function readMetadata(reader: YamlReader, entry: YamlEntry | undefined, names: readonly string[]): Metadata {
  const all = reader.map(entry) ?? new Map<string, YamlEntry>();
  const fields = new Map([...all].filter(([key]) => !MACHINE_METADATA.includes(key)));
  reader.refuseOthers(fields, [...names, 'labels', 'annotations'], 'is not used here');
  const annotations = reader.texts(fields.get('annotations'));
  annotations.delete(MACHINE_ANNOTATION);
  return { fields, labels: reader.texts(fields.get('labels')), annotations };
}

/** As the controller reads it: the wider scope wins. */
function scopeOf(annotations: PlacedTexts): Scope {
  const has = (scope: keyof typeof SCOPE_ANNOTATIONS) => annotations.get(SCOPE_ANNOTATIONS[scope])?.value === 'true';
  if (has('cluster-wide')) return 'cluster-wide';
  return has('namespace-wide') ? 'namespace-wide' : 'strict';
}

function readSpec(
  reader: YamlReader,
  entry: YamlEntry | undefined,
  object: YamlEntry,
): Pick<SealedSecret, 'encryptedData' | 'template'> {
  const fields = reader.map(entry) ?? new Map<string, YamlEntry>();
  const path = [...object.path, 'spec'];
  const blob = fields.get('data');
  if (blob) {
    reader.blame(
      blob.at,
      blob.path,
      'is the old form, all in one text (seal it again; the values go into encryptedData)',
    );
    fields.delete('data');
  }
  const known = ['encryptedData', 'template'];
  reader.refuseOthers(fields, known, "is no field of a SealedSecret's spec");
  const data = fields.get('encryptedData');
  const values = reader.map(data);
  if (!blob && isNothing(data?.node)) {
    reader.blame(data?.at ?? entry?.at ?? object.at, [...path, 'encryptedData'], 'is missing (seal a value)');
  }
  const encryptedData = new Map<string, SealedValue>();
  for (const [key, each] of values ?? []) {
    if (!DATA_KEY.safeParse(key).success)
      reader.blame(each.at, each.path, 'is no key of a Secret (use letters, digits, -, _ and .)');
    // A number, say, is no ciphertext either, and as one it can be replaced.
    const value = reader.anyScalar(each);
    if (value === undefined) continue;
    const { at, path } = each;
    encryptedData.set(key, { value: onOneLine(value), at, path, note: readNote(reader.commentAt(each)) });
  }
  return { encryptedData, template: readTemplate(reader, fields.get('template'), object.at) };
}

function readTemplate(reader: YamlReader, entry: YamlEntry | undefined, at: Position): SealedTemplate {
  const fields = reader.map(entry) ?? new Map<string, YamlEntry>();
  reader.refuseOthers(fields, ['data', 'immutable', 'metadata', 'type'], 'is no field of a template');
  // The controller takes name and namespace from the SealedSecret, whatever stands here.
  const { labels, annotations } = readMetadata(reader, fields.get('metadata'), ['name', 'namespace']);
  const type = fields.get('type');
  const value = reader.string(type);
  return {
    at: entry?.at ?? at,
    labels,
    annotations,
    data: reader.texts(fields.get('data')),
    ...(type && value !== undefined ? { type: { value, at: type.at, path: type.path } } : {}),
    ...(reader.flag(fields.get('immutable')) ? { immutable: true } : {}),
  };
}
