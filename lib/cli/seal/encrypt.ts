import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import { InputError } from '../../input/input-error';
import type { SealingCertificate } from '../../sealed-secrets/certificate';
import { noteOf } from '../../sealed-secrets/ciphertext';
import { setSealedValues } from '../../sealed-secrets/edit';
import type { NewValue } from '../../sealed-secrets/manifest-lines';
import { type Scope, scopeLabel, seal } from '../../sealed-secrets/seal';
import { issueLines, type SealedFile } from './files';
import { idOf, type NamedSecret, type Place } from './selection';

/** What values are sealed with. */
export interface Sealing {
  readonly certificate: SealingCertificate;
  readonly scope: Scope;
}

/** The scope that an environment wants. */
export const scopeOf = ({ secrets }: Pick<ResolvedEnvironment, 'secrets'>): Scope => secrets.sealed.scope;

/**
 * The text of a file with values sealed into it, each for each of its places.
 *
 * @throws InputError when the file is written so that it cannot be changed.
 */
export function withSealed(
  { file, text }: Pick<SealedFile, 'file' | 'text'>,
  values: ReadonlyMap<readonly Place[], Buffer>,
  { certificate, scope }: Sealing,
): string {
  const secrets = new Map<string, { secret: NamedSecret; values: Map<string, NewValue> }>();
  for (const [places, value] of values) {
    for (const { secret, key } of places) {
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
    if ('issues' in edited) throw new InputError(issueLines(edited.issues));
    return edited.text;
  }, text ?? '');
}
