import { templateIssues } from '../../components/secrets/sealed/checks';
import type { ResolvedEnvironment } from '../../environment/resolved-environment';
import type { SealingCertificate } from '../../sealed-secrets/certificate';
import { shortFingerprint } from '../../sealed-secrets/ciphertext';
import { isExample } from '../../sealed-secrets/example';
import type { SealedSecretsFile } from '../../sealed-secrets/file';
import type { SealedSecret, SealedValue } from '../../sealed-secrets/sealed-secret';
import { fetchCommand } from '../command-line';
import { idOf, type SecretKey, secretKeysOf } from './selection';

/** The part of an environment that determines which Secrets it needs. */
export type SealedEnvironment = Pick<ResolvedEnvironment, 'namespace' | 'secrets' | 'requiredSecrets'>;

/** Whether a key must or should be sealed: it is not in the file, or cannot be opened. */
export const isMissing =
  (sealed: SealedSecretsFile) =>
  (target: SecretKey): boolean =>
    ['missing', 'unusable'].includes(stateOf(target, sealed).word);

interface State {
  readonly word: 'sealed' | 'missing' | 'unusable' | 'plain' | 'optional';
  readonly secret?: SealedSecret;
  readonly value?: SealedValue;
  /** What is wrong with it. */
  readonly issue?: string;
}

function stateOf(
  { secret: { namespace, name }, key: { key, optional } }: SecretKey,
  { secrets, issues }: SealedSecretsFile,
): State {
  const secret = secrets.find((each) => each.namespace === namespace && each.name === name);
  const value = secret?.encryptedData.get(key);
  if (!secret?.template.data.has(key) && !value) {
    return { word: optional && !optional.without ? 'optional' : 'missing', secret };
  }
  if (!secret || !value) {
    // The controller also provides what a template builds from sealed values.
    const [wrong] = secret ? templateIssues(secret, key) : [];
    return wrong ? { word: 'unusable', secret, issue: wrong.message } : { word: 'plain', secret };
  }
  const issue = issues.find(
    ({ value: at }) => at?.namespace === namespace && at.name === name && at.key === key,
  )?.message;
  return { word: issue === undefined ? 'sealed' : 'unusable', secret, value, issue };
}

/** What is sealed and what is missing, as lines of text that are the same on every machine. */
export function statusLines(
  environment: SealedEnvironment,
  sealed: SealedSecretsFile,
  certificates: readonly SealingCertificate[],
  certificateFile: string,
): string[] {
  const { scope } = environment.secrets.sealed;
  const targets = secretKeysOf(environment);
  const rows = targets.map((target) => {
    const { word, secret, value, issue } = stateOf(target, sealed);
    const { copies } = target.key;
    const remarks = [
      ...(copies ? [`copy of ${environment.namespace.name}/${copies.secret} ${copies.key}`] : []),
      ...(secret && secret.scope !== scope ? [`the environment has scope ${scope}`] : []),
      ...(word === 'plain' ? ['from the template'] : []),
      ...(issue === undefined ? [] : [issue]),
    ];
    return [
      idOf(target.secret),
      target.key.key,
      word === 'plain' ? 'sealed' : word,
      value ? certificateText(value, certificates) : '-',
      secret?.scope ?? '-',
      remarks.join('; '),
    ];
  });
  const missing = targets.filter(isMissing(sealed)).length;
  return [
    ...certificateLines(certificates, certificateFile),
    `scope ${scope}`,
    '',
    ...table([['SECRET', 'KEY', 'STATE', 'CERTIFICATE', 'SCOPE', ''], ...rows]),
    ...othersLines(environment, sealed),
    '',
    missing === 0 ? `all ${targets.length} sealed` : `${missing} of ${targets.length} missing or unusable`,
  ];
}

/** Each certificate with what identifies it. */
export function certificateLines(certificates: readonly SealingCertificate[], file: string): string[] {
  if (certificates.length === 0) return [`certificate ${file}: is missing (${fetchCommand(file)})`];
  const day = (date: Date) => date.toISOString().slice(0, 10);
  return certificates.map((certificate, index) => {
    const { fingerprint, bits, validFrom, validTo } = certificate;
    const use = index === 0 ? 'certificate' : 'older certificate';
    const example = isExample(certificate)
      ? `; the example certificate, whose private key is public: anyone can decrypt the values (${fetchCommand(file)})`
      : '';
    return `${use} ${file}: SHA-256 ${fingerprint}, RSA ${bits}, valid ${day(validFrom)} to ${day(validTo)}${example}`;
  });
}

function certificateText({ note }: SealedValue, certificates: readonly SealingCertificate[]): string {
  if (!note) return 'unknown';
  const index = certificates.findIndex((each) => shortFingerprint(each) === note.certificate);
  const use = index === 0 ? 'current' : index > 0 ? 'older' : 'unknown';
  return `${note.certificate} ${use}`;
}

/** Keys of the file that the environment does not use, which is no issue. */
function othersLines({ requiredSecrets }: SealedEnvironment, { secrets }: SealedSecretsFile): string[] {
  const lines = secrets.flatMap(({ namespace, name, encryptedData }) => {
    const wanted = requiredSecrets.find((each) => each.namespace === namespace && each.name === name);
    const others = [...encryptedData.keys()].filter((key) => !wanted?.keys.some((each) => each.key === key));
    return others.map((key) => `${namespace}/${name} ${key}`);
  });
  return lines.length > 0 ? ['', `not used by this environment: ${lines.join(', ')}`] : [];
}

/** Columns as wide as their content. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, index) => Math.max(cell.length, most[index] ?? 0)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, index) => cell.padEnd(widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
