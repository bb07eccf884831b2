import { InputError } from '../../input/input-error';
import { formatIssues } from '../../input/issue';
import type { SealingCertificate } from '../../sealed-secrets/certificate';
import { noteOf } from '../../sealed-secrets/ciphertext';
import { setSealedValues } from '../../sealed-secrets/edit';
import type { SealedSecretsFile } from '../../sealed-secrets/file';
import type { NewValue } from '../../sealed-secrets/manifest-lines';
import { type Scope, scopeLabel, seal } from '../../sealed-secrets/seal';
import { idOf, type NamedSecret, type SecretKey } from './selection';

/** What values are sealed with. */
export interface Sealing {
  readonly certificate: SealingCertificate;
  readonly scope: Scope;
}

/**
 * The text of a file with values sealed into it, each under every key that has it.
 *
 * @throws InputError when the file is written so that it cannot be changed.
 */
export function sealInto(
  { file, text }: Pick<SealedSecretsFile, 'file' | 'text'>,
  values: ReadonlyMap<readonly SecretKey[], Buffer>,
  { certificate, scope }: Sealing,
): string {
  const secrets = new Map<string, { secret: NamedSecret; values: Map<string, NewValue> }>();
  for (const [targets, value] of values) {
    for (const { secret, key } of targets) {
      const label = scopeLabel(scope, secret.namespace, secret.name);
      const ciphertext = seal(value, certificate, label);
      const entry = secrets.get(idOf(secret)) ?? { secret, values: new Map<string, NewValue>() };
      entry.values.set(key.key, { ciphertext, note: noteOf(ciphertext, label, certificate) });
      secrets.set(idOf(secret), entry);
    }
  }
  return [...secrets.values()].reduce((before, { secret, values: added }) => {
    const { namespace, name, type } = secret;
    const edited = setSealedValues(before, file, { namespace, name, type, scope }, added);
    if ('issues' in edited) throw new InputError(formatIssues(edited.issues));
    return edited.text;
  }, text ?? '');
}
