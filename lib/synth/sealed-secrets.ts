import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { plainTexts, sealedIssues } from '../components/secrets/sealed/checks';
import type { ResolvedEnvironment } from '../environment/resolved-environment';
import { formatIssue, type Issue } from '../input/issue';
import type { DocumentIssue } from '../input/located-yaml';
import { type CertificateReading, readCertificates } from '../sealed-secrets/certificate';
import { shortFingerprint } from '../sealed-secrets/ciphertext';
import { EXAMPLE_FINGERPRINT, isExample } from '../sealed-secrets/example';
import { readSealedSecrets } from '../sealed-secrets/file';
import type { SealedSecret } from '../sealed-secrets/sealed-secret';
import { commandLine } from './command-line';

/** The file of sealed values within an environment's folder. */
export const SEALED_SECRETS_FILE = 'sealed-secrets.yaml';

/** The SealedSecrets of an environment, or all that is wrong with them, as finished lines. */
export interface SealedReading {
  readonly secrets: readonly SealedSecret[];
  readonly issues: readonly string[];
  readonly warnings: readonly Issue[];
}

/**
 * Reads and checks what an environment has sealed; nothing when its provider is another. What is sealed is not opened, so a
 * value that is wrong in itself is found by the pod that reads it.
 */
export function readSealed(folder: string, name: string, environment: ResolvedEnvironment): SealedReading {
  const { provider, sealed } = environment.secrets;
  if (provider !== 'sealed') return { secrets: [], issues: [], warnings: [] };
  const file = join(folder, name, SEALED_SECRETS_FILE);
  const { certificates, issues: bad } = readCertificateFile(join(folder, name, sealed.certificate));
  // Without a usable certificate the values are read all the same, and only not compared with one.
  const known = certificates.length > 0 ? certificates : undefined;
  const { secrets, issues } = readSealedSecrets(existsSync(file) ? readFileSync(file, 'utf8') : '', file, known);
  // What cannot be read may be the very thing that would seem to be missing.
  const isComplete = issues.every(({ value }) => value !== undefined);
  const seal = (...named: readonly string[]) => commandLine('seal', name, folder, named);
  const missing = isComplete ? sealedIssues(secrets, { seal, file, environment }) : [];
  // Of a SealedSecret in the wrong place no value can be opened: that is one mistake, and one line.
  const misplaced = secrets.filter(({ at }) =>
    missing.some((issue) => issue.at === at && issue.path[0] === 'metadata'),
  );
  const own = issues.filter(
    ({ value }) => !misplaced.some((each) => each.namespace === value?.namespace && each.name === value.name),
  );
  const all = [...bad, ...[...own, ...missing].toSorted(byPlace)];
  return {
    secrets,
    issues: all.map((issue) => formatIssue(issue.at, issue)),
    warnings: [
      ...(certificates.some(isExample) || secrets.some(isSealedByExample) ? [EXAMPLE_WARNING] : []),
      ...secrets.filter(({ template }) => template.immutable).map(immutableWarning),
      ...plainTexts(secrets, environment).map(plainWarning),
    ],
  };
}

const EXAMPLE_WARNING: Issue = {
  path: ['secrets', 'sealed', 'certificate'],
  message:
    "is the example's, whose private key everybody has, so whoever reads the file can open what is sealed (take what kubeseal --fetch-cert prints, and seal every value anew)",
};

/** Kubernetes refuses each change of such a Secret, so the controller fails at it and pods wait for what never comes. */
const immutableWarning = ({ namespace, name, at }: SealedSecret): Issue => ({
  path: ['secrets', 'provider'],
  message: `has SealedSecret ${namespace}/${name} (line ${at.line} of ${SEALED_SECRETS_FILE}) make a Secret that can never change, so a value that is sealed anew does not arrive (remove immutable from its template)`,
});

const plainWarning = ({ secret, key, at }: ReturnType<typeof plainTexts>[number]): Issue => ({
  path: ['secrets', 'provider'],
  message: `has SealedSecret ${secret.namespace}/${secret.name} hold a plain text under ${key} (line ${at.line} of ${SEALED_SECRETS_FILE}), which goes into the output as it is (seal it if nobody should read it)`,
});

/** Whether a note says so, whatever lies in the certificate file. */
const isSealedByExample = ({ encryptedData }: SealedSecret): boolean =>
  [...encryptedData.values()].some(
    ({ note }) => note?.certificate === shortFingerprint({ fingerprint: EXAMPLE_FINGERPRINT }),
  );

/** The certificates of a file. None is no issue: who pastes what kubeseal prints needs none here. */
function readCertificateFile(file: string): CertificateReading {
  return existsSync(file) ? readCertificates(readFileSync(file, 'utf8'), file) : { certificates: [], issues: [] };
}

const byPlace = (a: DocumentIssue, b: DocumentIssue) => a.at.line - b.at.line || a.at.column - b.at.column;
