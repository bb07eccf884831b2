import { metadataSecret, variableSecret } from '../../components/shared/risks/secrets';
import { secretWithin } from '../../input/plain-secrets';
import type { Manifest } from '../manifest';
import { visit } from '../rules/visit';
import { podsOf } from '../rules/workloads';
import { optionsIn } from './containers';
import type { ObjectRisk, ObjectRiskCheck } from './object-risk';

/** Secrets in plain text: in variables, arguments, metadata, the data of ConfigMaps, and Secrets themselves. */
export const plainSecrets: ObjectRiskCheck = (objects) => [
  ...podsOf(objects).flatMap(({ object, metadata, spec, containers }) => [
    ...metadataOf(object, metadata, 'of its pods '),
    ...(spec.volumes ?? []).flatMap(({ name, csi }) =>
      Object.entries(csi?.volumeAttributes ?? {}).flatMap(([key, value]) =>
        found(object, `volume ${name} has attribute ${key}, which`, variableSecret(key, value)),
      ),
    ),
    ...containers.flatMap(({ name, env = [], command = [], args = [] }) => [
      ...env.flatMap((variable) =>
        found(
          object,
          `container ${name} sets ${variable.name}, which`,
          variableSecret(variable.name, variable.value ?? ''),
        ),
      ),
      ...optionsIn([...command, ...args]).flatMap(([option, value]) =>
        found(object, `container ${name} has option --${option}, which`, variableSecret(option, value)),
      ),
      ...[...command, ...args].flatMap((word, index, words) =>
        found(
          object,
          `container ${name} has an argument that`,
          variableSecret('', word) ?? (isLogin(words[index - 1], word) ? 'a login' : undefined),
        ),
      ),
    ]),
  ]),
  ...objects.flatMap((object) => [...metadataOf(object, object.metadata, ''), ...dataOf(object)]),
];

/** Secrets in the texts of objects whose kind is not known: by their form alone, because a name may be that of a Secret. */
export const plainTexts = (objects: readonly Manifest[]): ObjectRisk[] =>
  objects.flatMap((object) => {
    const risks: ObjectRisk[] = [];
    visit(object, (value, keys) => {
      const secret = typeof value === 'string' ? secretWithin(value) : undefined;
      risks.push(...found(object, `has ${keys.join('.')}, which`, secret));
      return true;
    });
    return risks;
  });

/** Whether a word is a name with its password, as `curl -u` takes it; `--user 1000:1000` is none. */
const isLogin = (option: string | undefined, word: string): boolean =>
  ['-u', '--user'].includes(option ?? '') && /^[^:\s]+:(?!\d+$|\$).+/.test(word);

const found = (object: Manifest, where: string, secret: string | undefined): ObjectRisk[] =>
  secret
    ? [
        {
          object,
          risk: 'plain-secrets',
          what: `${where} contains ${secret}: everyone can read it in git and in the cluster`,
          fix: 'put it into a Secret, and name that',
        },
      ]
    : [];

type Texts = Readonly<Record<string, string>>;

const metadataOf = (
  object: Manifest,
  { annotations = {}, labels = {} }: { readonly annotations?: Texts; readonly labels?: Texts },
  owner: string,
): ObjectRisk[] =>
  Object.entries({ annotation: annotations, label: labels }).flatMap(([field, texts]) =>
    Object.entries(texts).flatMap(([key, value]) =>
      found(object, `has ${field} ${owner}${key}, which`, metadataSecret(key, value)),
    ),
  );

/** Values of a ConfigMap; and of a Secret, which only encodes them. */
function dataOf(object: Manifest): ObjectRisk[] {
  const { data = {}, stringData = {} } = object as { readonly data?: Texts; readonly stringData?: Texts };
  if (object.kind === 'Secret') {
    return Object.keys({ ...data, ...stringData }).flatMap((key) => found(object, `has key ${key}, which`, 'a value'));
  }
  if (object.kind !== 'ConfigMap') return [];
  const { binaryData = {} } = object as { readonly binaryData?: Texts };
  const decoded = Object.entries(binaryData).map(
    ([key, value]) => [key, Buffer.from(value, 'base64').toString()] as const,
  );
  return [...Object.entries(data), ...decoded].flatMap(([key, value]) =>
    found(object, `has key ${key}, which`, variableSecret(key, value)),
  );
}
