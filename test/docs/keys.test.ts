import { knownKeys, typeAt } from '../../lib/environment/model-tree';
import { inlineCodeOf, PAGES } from '../support/pages';

/** Every key of the environment file that a page names by its path is one that the model has. */

const SECTIONS = knownKeys([]);

/** What begins like a key and is none: a permission of Google Cloud, and a form of keys that a decision rejects. */
const NO_KEYS = ['storage.buckets.create', 'server.env.LD_PRELOAD.allow'];

/** In the generated reference keys stand below their section. */
const REFERENCE = 'docs/configuration.md';

/** Files, annotations and keys of others that begin like a section. */
const isOther = (code: string): boolean =>
  /\/|\.(dump|gz|json|md|png|py|pem|sh|svg|tgz|ts|ya?ml)\b|^service\.(beta|istio)/.test(code);

/** A path in front of its value, or alone: `server.env`, `auth.enabled: false`, `gateway.parentRefs[].sectionName`. */
const PATH = /^([a-z]\w*)((?:\.[\w-]+|\[\])+)(?=$|[:\s])/;

const named = PAGES.filter((page) => page !== REFERENCE).flatMap((page) =>
  inlineCodeOf(page).flatMap((code) => {
    const [path = '', first = ''] = PATH.exec(code) ?? [];
    return SECTIONS.includes(first) && !isOther(code) && !NO_KEYS.includes(path) ? [[page, path] as const] : [];
  }),
);

const isKnown = (path: string): boolean =>
  typeAt(path.split(/\.|(?=\[\])/).map((step) => (step === '[]' ? 0 : step))) !== undefined;

test('pages name many', () => {
  expect(named.length).toBeGreaterThan(300);
});

test.each([...new Set(named.map(([page]) => page))])('%s names only keys that exist', (page) => {
  const paths = named.filter(([each]) => each === page).map(([, path]) => path);
  expect(paths.filter((path) => !isKnown(path))).toEqual([]);
});
