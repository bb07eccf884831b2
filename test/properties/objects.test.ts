import { parseAllDocuments } from 'yaml';
import { renderFile } from '../../lib/synth/output/render';
import { TRICKY } from '../arbitraries/shared/values';
import { LARGE_SAMPLE } from '../support/sample-size';
import { all, container, isRecord, objectsOf, SMALLEST, variables, walk } from '../support/support';
import { holds, none, type Valid } from './sample';

/** Reading is slow: every second environment of the small sample, and some sixty of the large one, are enough. */
const READ_BACK = LARGE_SAMPLE ? 8 : 2;

/** What a value of a label may be. */
const LABEL_VALUE = /^(?=.{0,63}$)([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

describe('every object', () => {
  holds(
    'has our labels, which win, and the labels and annotations of the environment',
    ({ objects, pods, given, version }) => {
      const ours = {
        'app.kubernetes.io/name': 'mlflow',
        'app.kubernetes.io/instance': given.name,
        'app.kubernetes.io/part-of': 'mlflow',
        'app.kubernetes.io/managed-by': 'cdk8s-mlflow',
      };
      const { 'app.kubernetes.io/name': _, 'app.kubernetes.io/component': __, ...labels } = given.labels;
      const { 'checksum/programs': ___, 'argocd.argoproj.io/sync-options': ____, ...annotations } = given.annotations;
      // Of a store, its own version: the release of MLflow is not its business.
      const tags: Record<string, string | undefined> = {
        database: given.database.embedded?.image.tag,
        'object-store': given.artifacts.embedded?.image.tag,
      };
      const {
        'app.kubernetes.io/name': _____,
        'app.kubernetes.io/component': ______,
        ...ofService
      } = given.service.labels;
      for (const { kind, metadata } of objects) {
        const isService = kind === 'Service' && metadata.name === given.name;
        expect(metadata.labels).toMatchObject({ ...labels, ...(isService ? ofService : {}), ...ours });
        const { 'app.kubernetes.io/version': its = '', 'app.kubernetes.io/component': part = '' } =
          metadata.labels ?? {};
        expect(part).toMatch(/^[a-z-]+$/);
        if (its !== version && its !== 'patched') expect(tags[part]).toContain(its);
        none(Object.values(metadata.labels ?? {}).filter((value) => !LABEL_VALUE.test(value)));
        const edges = [given.ingress, given.gateway, given.route].map((edge) => edge?.annotations);
        const own = Object.assign({}, given.service.annotations, given.monitoring.dashboard?.annotations, ...edges);
        const others = Object.entries(annotations).filter(([key]) => !Object.hasOwn(own, key));
        expect(metadata.annotations ?? {}).toMatchObject(Object.fromEntries(others));
      }
      for (const pod of pods) {
        const isServer = pod.labels['app.kubernetes.io/component'] === 'server';
        const { 'app.kubernetes.io/component': _______, ...ofServer } = given.server.podLabels;
        expect(pod.labels).toMatchObject({ ...labels, ...(isServer ? ofServer : {}), ...ours });
        none(Object.values(pod.labels).filter((value) => !LABEL_VALUE.test(value)));
        const tag = tags[pod.labels['app.kubernetes.io/component'] ?? ''];
        expect(tag ?? version).toContain(pod.labels['app.kubernetes.io/version']);
        const hasPrograms = pod.spec.volumes?.some(({ name }) => name === 'programs');
        if (hasPrograms) expect(pod.annotations['checksum/programs']).toMatch(/^[0-9a-f]{32}$/);
        else expect(pod.annotations['checksum/programs']).toBe(given.annotations['checksum/programs']);
      }
    },
  );

  holds('has a name of its own, and a namespace exactly when its kind has one', ({ objects, given }) => {
    const identities = objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace} ${metadata.name}`);
    const clients = given.clients.map(({ namespace }) => namespace);
    const forClients = ['ConfigMap', 'SealedSecret', 'ExternalSecret', 'Role', 'RoleBinding'];
    expect(new Set(identities).size).toBe(identities.length);
    for (const { kind, metadata } of objects) {
      expect(metadata.name).toMatch(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/);
      // The names of these become values of labels, of a StatefulSet's with 11 characters more.
      const longest = { Job: 63, Service: 63, Namespace: 63, StatefulSet: 52 }[kind] ?? 253;
      expect(metadata.name.length).toBeLessThanOrEqual(longest);
      const places = forClients.includes(kind) ? [given.namespace.name, ...clients] : [given.namespace.name];
      expect(kind === 'Namespace' ? [undefined] : places).toContain(metadata.namespace);
    }
    expect(all(objects, 'Namespace')).toHaveLength(given.namespace.create ? 1 : 0);
  });

  holds('has no null, no empty map or list, and nothing that Flux substitutes', ({ objects }) => {
    const substituted = '$' + '{';
    // OpenShift needs all pods of a namespace said so.
    const isEmpty = (path: string, value: unknown) =>
      typeof value === 'object' &&
      value !== null &&
      Object.keys(value).length === 0 &&
      !/\/from\/\d+\/podSelector$/.test(path);
    const wrong = objects.flatMap((object) =>
      walk(object).filter(
        ({ path, value }) =>
          value === null ||
          value === undefined ||
          isEmpty(path, value) ||
          path.includes(substituted) ||
          (typeof value === 'string' && value.includes(substituted)),
      ),
    );
    none(wrong);
  });

  holds('says the protocol of every port', ({ objects }) => {
    for (const { path, value } of objects.flatMap((object) => walk(object))) {
      if (!path.endsWith('/ports') || !Array.isArray(value)) continue;
      none(value.filter((port) => !isRecord(port) || !['TCP', 'UDP'].includes(String(port.protocol))));
    }
  });

  const readsBack = ({ files }: Valid) => {
    for (const file of files) {
      const text = renderFile('random', file);
      for (const version of ['1.1', '1.2'] as const) {
        const documents = [...parseAllDocuments(text, { version, logLevel: 'error' })];
        none(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]));
        expect(documents.map((document) => document.toJS())).toEqual(file.objects);
      }
    }
  };
  holds('is read back from its file as it is, by YAML 1.1 as by YAML 1.2', readsBack, READ_BACK);

  test('is read back as it is, whatever a text holds', () => {
    const annotations = Object.fromEntries(TRICKY.map((text, index) => [`note-${index}`, text]));
    const env = Object.fromEntries(TRICKY.map((text, index) => [`V_${index}`, text]));
    const objects = objectsOf({ ...SMALLEST, annotations, server: { env } });
    const text = renderFile('tricky', { name: 'all', objects });
    for (const version of ['1.1', '1.2'] as const) {
      expect(parseAllDocuments(text, { version }).map((document) => (document as { toJS(): unknown }).toJS())).toEqual(
        objects,
      );
    }
    expect(variables(container(objects, 'server'))).toMatchObject(env);
  });

  test('holds no character that kubectl refuses or takes for the end of a line', () => {
    // Run with kubectl 1.36: control characters are an error, and what Unicode calls a line separator vanishes.
    const hidden = ['\u007f', '\u0080', '\u009f', 'a\u0085b', '\u2028 x', 'x\u2029', '\ufffe', '\uffff', ...TRICKY];
    const annotations = Object.fromEntries(hidden.map((text, index) => [`note-${index}`, text]));
    // The environment refuses the first of them; the writer must not depend on it.
    const objects = objectsOf(SMALLEST).map((object) => ({ ...object, metadata: { ...object.metadata, annotations } }));
    const text = renderFile('hidden', { name: 'all', objects });
    expect(text.match(/[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu)).toBeNull();
    expect(parseAllDocuments(text).map((document) => (document as { toJS(): unknown }).toJS())).toEqual(objects);
  });
});
