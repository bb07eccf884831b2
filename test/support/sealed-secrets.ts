import type { ResolvedEnvironment } from '../../lib/environment/resolved-environment';
import type { SealedSecret } from '../../lib/sealed-secrets/sealed-secret';

const AT = { file: 'sealed-secrets.yaml', line: 1, column: 1 };
const placed = (value: string) => ({ value, at: AT, path: [] });

/** What an environment would have sealed, as the file's reader gives it; none of what another provider creates. */
export function sealedOf({ secrets, requiredSecrets: all }: ResolvedEnvironment): SealedSecret[] {
  const requiredSecrets = all.filter(({ provider }) => provider === 'sealed');
  const { scope } = secrets.sealed;
  const annotations = new Map(scope === 'strict' ? [] : [[`sealedsecrets.bitnami.com/${scope}`, placed('true')]]);
  return requiredSecrets.map(({ namespace, name, type, keys }) => ({
    at: AT,
    namespace,
    name,
    scope,
    labels: new Map(),
    annotations,
    encryptedData: new Map(keys.map(({ key }) => [key, placed(ciphertext(`${namespace}/${name}/${key}`))])),
    template: { at: AT, type: placed(type), labels: new Map(), annotations, data: new Map() },
  }));
}

/** Something that looks like a ciphertext: nothing in a synth opens one. */
const ciphertext = (of: string) => `Ag${Buffer.from(of.repeat(20)).toString('base64')}`;
