import { accessSync, constants, existsSync } from 'node:fs';
import { InputError } from '../../input/input-error';
import { formatIssues } from '../../input/issue';
import { readTextFile } from '../../input/read-text';
import { readCertificateFile, type SealingCertificate } from '../../sealed-secrets/certificate';
import { readSealedSecretsFile, type SealedSecretsFile } from '../../sealed-secrets/file';
import { FileIsBeingWritten, writeAtomically } from '../../synth/output/atomic-write';

/**
 * The certificates of a file; none if it does not exist.
 *
 * @throws InputError when one of them cannot be sealed with.
 */
export function certificatesOf(file: string): readonly SealingCertificate[] {
  const { certificates, issues } = readCertificateFile(file);
  if (issues.length > 0) throw new InputError(formatIssues(issues));
  return certificates;
}

/**
 * Reads the file of sealed values. Values that cannot be opened stay in its issues: they may be re-sealed.
 *
 * @throws InputError when it cannot be read as a whole.
 */
export function sealedFileOf(file: string, certificates: readonly SealingCertificate[]): SealedSecretsFile {
  const reading = readSealedSecretsFile(file, certificates);
  const issues = reading.issues.filter(({ value }) => value === undefined);
  if (issues.length > 0) throw new InputError(formatIssues(issues));
  return reading;
}

/** Signals that would otherwise end the process between two steps of the writing. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Replaces the text that was read. At any moment the file contains either the old text or the new one.
 *
 * @throws InputError when the file was changed after it was read, or another process is writing it.
 */
export function replaceSealedFile(
  { file, text: before }: Pick<SealedSecretsFile, 'file' | 'text'>,
  text: string,
): void {
  const ignore = () => undefined;
  for (const signal of SIGNALS) process.on(signal, ignore);
  try {
    if (existsSync(file)) accessSync(file, constants.W_OK);
    writeAtomically(file, text, { inPlace: true, verify: () => refuseChanged(file, before) });
  } catch (error) {
    if (!(error instanceof FileIsBeingWritten)) throw error;
    const message = 'exists: another seal is running or was interrupted (remove the file if none is running)';
    throw new InputError([`${error.partial}: ${message}`]);
  } finally {
    for (const signal of SIGNALS) process.off(signal, ignore);
  }
}

function refuseChanged(file: string, before: string | undefined): void {
  const now = readTextFile(file);
  if ('text' in now ? now.text === before : now.reason === 'missing' && before === undefined) return;
  throw new InputError([
    `${file}: was changed by another program in the meantime, and was not written (run seal again)`,
  ]);
}
