import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  existsSync,
  fsyncSync,
  openSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { InputError } from '../../input/input-error';
import { formatIssue, oneLine } from '../../input/issue';
import type { DocumentIssue } from '../../input/located-yaml';
import { readCertificates, type SealingCertificate } from '../../sealed-secrets/certificate';
import { readSealedSecrets, type SealedSecretsReading } from '../../sealed-secrets/file';

/** The file of sealed values as it was read. */
export interface SealedFile extends SealedSecretsReading {
  readonly file: string;
  /** Undefined where there is no file yet. */
  readonly text: string | undefined;
}

/**
 * The text of a file, or undefined where there is none.
 *
 * @throws InputError when it could not be written back as it was.
 */
function readIfThere(file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const bytes = readFileSync(file);
  const text = bytes.toString('utf8');
  if (bytes.equals(Buffer.from(text))) return text;
  throw new InputError([`${file}: is not valid UTF-8 (save it as UTF-8)`]);
}

/** Issues of a file as finished lines. */
export const issueLines = (issues: readonly DocumentIssue[]): string[] =>
  issues.map((issue) => formatIssue(issue.at, issue));

/**
 * The certificates of a file; none where there is no file.
 *
 * @throws InputError when one of them cannot be sealed with.
 */
export function readCertificateFile(file: string): readonly SealingCertificate[] {
  const text = readIfThere(file);
  if (text === undefined) return [];
  const { certificates, issues } = readCertificates(text, file);
  if (issues.length > 0) throw new InputError(issueLines(issues));
  return certificates;
}

/**
 * Reads the file of sealed values. Values that cannot be opened stay in its issues: they may be sealed anew.
 *
 * @throws InputError when it cannot be read as a whole.
 */
export function readSealedFile(file: string, certificates: readonly SealingCertificate[]): SealedFile {
  const text = readIfThere(file);
  const reading = readSealedSecrets(text ?? '', file, certificates.length > 0 ? certificates : undefined);
  const issues = reading.issues.filter(({ value }) => value === undefined);
  if (issues.length > 0) throw new InputError(issueLines(issues));
  return { file, text, ...reading };
}

/** Signals that would otherwise end the process between two steps of the writing. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Puts a new text in the place of what was read. At any moment the file holds the one or the other.
 *
 * @throws InputError when the file is not any more what was read, or somebody else is writing it.
 */
export function replaceSealedFile({ file, text: before }: SealedFile, text: string): void {
  const ignore = () => undefined;
  for (const signal of SIGNALS) process.on(signal, ignore);
  try {
    writeBeside(file, before, text);
  } finally {
    for (const signal of SIGNALS) process.off(signal, ignore);
  }
}

function writeBeside(file: string, before: string | undefined, text: string): void {
  // What a link leads to, so that the link stays one.
  const target = before === undefined ? file : realpathSync(file);
  if (before !== undefined) accessSync(target, constants.W_OK);
  const mode = before === undefined ? 0o644 : statSync(target).mode & 0o7777;
  const partial = `${target}.partial`;
  // One name for all, and only for who makes it: of two that write at once, the second is told.
  const descriptor = openAlone(partial);
  try {
    try {
      // Looked at only now, when nobody else of us can write it.
      if (readIfThere(file) !== before) {
        throw new InputError([`${file}: was changed by somebody else meanwhile, and is left as it is (seal again)`]);
      }
      writeFileSync(descriptor, text);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    chmodSync(partial, mode);
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

function openAlone(partial: string): number {
  try {
    return openSync(partial, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new InputError([
      `${oneLine(partial)}: is there, so another seal is writing or was cut off (remove it when none runs)`,
    ]);
  }
}
