import { lstatSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../../input/input-error';
import { formatIssues } from '../../input/issue';
import { readTextFile } from '../../input/read-text';
import { readCertificateFile, type SealingCertificate } from '../../sealed-secrets/certificate';
import { readSealedSecretsFile, type SealedSecretsFile } from '../../sealed-secrets/file';
import { checkReplaceable, FileIsBeingWritten, replaceFile } from '../../synth/output/atomic-write';

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

/**
 * Refuses links, which replacing the file would follow or break: the file and its folder must be the environment's own.
 *
 * @throws InputError when one of them is a link.
 */
export function refuseLinks(file: string): void {
  const folder = dirname(file);
  if (lstatSync(folder).isSymbolicLink()) {
    throw new InputError([`${folder}: is a symbolic link (move the folder that it leads to here)`]);
  }
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found?.isSymbolicLink()) {
    throw new InputError([`${file}: is a symbolic link (replace it with the file that it leads to, or remove it)`]);
  }
  if (found?.isFile() && found.nlink > 1) {
    throw new InputError([
      `${file}: has ${found.nlink} hard links, of which only this one would change (replace it with a copy of itself)`,
    ]);
  }
}

/**
 * Checks that the file can be replaced, so that it is known before you enter a value.
 *
 * @param draft a text as long as the one that will be written
 */
export const checkSealedFile = ({ file }: Pick<SealedSecretsFile, 'file'>, draft: string): void =>
  checkReplaceable({ file, text: draft });

/** Signals that would otherwise end the process between two steps of the writing. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Replaces the text that was read. At any moment the file contains either the old text or the new one.
 *
 * @returns warnings: what the new file could not take over from the old one
 * @throws InputError when the file was changed after it was read, or another process is writing it.
 */
export function replaceSealedFile(
  { file, text: before }: Pick<SealedSecretsFile, 'file' | 'text'>,
  text: string,
): string[] {
  const ignore = () => undefined;
  for (const signal of SIGNALS) process.on(signal, ignore);
  try {
    const lost = replaceFile({ file, text }, () => refuseChanged(file, before));
    return lost.map((each) => `${file}: its ${each} could not be kept (set it again)`);
  } catch (error) {
    if (!(error instanceof FileIsBeingWritten)) throw error;
    const message = 'exists: another seal is running (run seal again when it has finished)';
    throw new InputError([`${error.partial}: ${message}`]);
  } finally {
    for (const signal of SIGNALS) process.off(signal, ignore);
  }
}

function refuseChanged(file: string, before: string | undefined): void {
  refuseLinks(file);
  const now = readTextFile(file);
  if ('text' in now ? now.text === before : now.reason === 'missing' && before === undefined) return;
  throw new InputError([
    `${file}: was changed by another program in the meantime, and was not written (run seal again)`,
  ]);
}
