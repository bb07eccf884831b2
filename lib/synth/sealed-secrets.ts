import { join } from 'node:path';
import { usesProvider } from '../components/secrets/provider';
import { plainTexts, type SealedContext, sealedIssues, unsealedOptional } from '../components/secrets/sealed/checks';
import type { ResolvedEnvironment } from '../environment/resolved-environment';
import { byPosition, formatIssues, type Issue, type LocatedIssue } from '../input/issue';
import { readCertificateFile, type SealingCertificate } from '../sealed-secrets/certificate';
import { shortFingerprint } from '../sealed-secrets/ciphertext';
import { EXAMPLE_FINGERPRINT, isExample } from '../sealed-secrets/example';
import { readSealedSecretsFile, type SealedSecretsReading } from '../sealed-secrets/file';
import type { SealedSecret } from '../sealed-secrets/sealed-secret';

/** The file of sealed values within an environment's folder. */
export const SEALED_SECRETS_FILE = 'sealed-secrets.yaml';

/** The command line that seals a Secret of an environment, or one key of it, as a user types it. */
export type SealCommand = (environment: string, named: readonly string[]) => string;

/** The SealedSecrets of an environment, or their issues as formatted lines. */
export interface SealedReading {
  readonly secrets: readonly SealedSecret[];
  readonly issues: readonly string[];
  readonly warnings: readonly Issue[];
}

/** Whose SealedSecrets are read. */
export interface SealedSource {
  /** The folder of the environments. */
  readonly folder: string;
  readonly name: string;
  /** Undefined if it has issues of its own. */
  readonly environment?: ResolvedEnvironment;
  /** The environment as far as it is valid; undefined if nothing is known of it. */
  readonly known?: ResolvedEnvironment;
  readonly seal: SealCommand;
}

/**
 * Reads and checks the SealedSecrets of an environment; nothing if no Secret has the provider `sealed`. Values are not decrypted,
 * so an invalid value is only found by the pod that reads it. Of an environment with issues, only what is wrong within
 * the file is reported, because it is unknown which Secrets it needs.
 */
export function readSealed({ folder, name, environment, known, seal: sealCommand }: SealedSource): SealedReading {
  if (!known || !usesProvider(known.secrets, 'sealed')) return { secrets: [], issues: [], warnings: [] };
  const file = join(folder, name, SEALED_SECRETS_FILE);
  const { certificates, issues: bad } = readCertificateFile(join(folder, name, known.secrets.sealed.certificate));
  // Without a usable certificate, values are read, but not compared with one.
  const reading = readSealedSecretsFile(file, certificates);
  const seal = (...named: readonly string[]) => sealCommand(name, named);
  const { issues, warnings } = checkSealed({ reading, certificates, file, environment, known, seal });
  return { secrets: reading.secrets, issues: formatIssues([...bad, ...issues]), warnings };
}

/** SealedSecrets that were read, and whose they are. */
export interface CheckedSealed extends Pick<SealedContext, 'seal' | 'file'> {
  readonly reading: SealedSecretsReading;
  readonly certificates: readonly SealingCertificate[];
  /** Undefined if it has issues of its own. */
  readonly environment?: ResolvedEnvironment;
  /** The environment as far as it is valid. */
  readonly known: ResolvedEnvironment;
}

/** What is wrong with SealedSecrets, by themselves and for their environment, in the order of the file. */
export function checkSealed({ reading, certificates, file, environment, known, seal }: CheckedSealed): {
  readonly issues: readonly LocatedIssue[];
  readonly warnings: readonly Issue[];
} {
  const { secrets, issues } = reading;
  // A value that would be reported as missing may be among what cannot be read.
  const isComplete = issues.every(({ value }) => value !== undefined);
  const missing = isComplete && environment ? sealedIssues(secrets, { seal, file, environment }) : [];
  // No value of a SealedSecret in the wrong namespace can be decrypted: that is one mistake, and one line.
  const misplaced = secrets.filter(({ at }) =>
    missing.some((issue) => issue.at === at && issue.path[0] === 'metadata'),
  );
  const own = issues.filter(
    ({ value }) => !misplaced.some((each) => each.namespace === value?.namespace && each.name === value.name),
  );
  return {
    issues: [...own, ...missing].toSorted(byPosition),
    warnings: [
      ...(certificates.some(isExample) || secrets.some(isSealedByExample) ? [EXAMPLE_WARNING] : []),
      ...secrets.filter(({ template }) => template.immutable).map(immutableWarning),
      ...plainTexts(secrets, known).map(plainWarning),
      ...(isComplete && environment ? unsealedOptional(secrets, { seal, environment }) : []),
    ],
  };
}

const EXAMPLE_WARNING: Issue = {
  path: ['secrets', 'sealed', 'certificate'],
  message:
    'is the example certificate, whose private key is public: anyone can decrypt the values (use what kubeseal --fetch-cert prints, and re-seal every value)',
};

/** Kubernetes refuses changes of such a Secret, so the controller fails and pods wait forever. */
const immutableWarning = ({ namespace, name, at }: SealedSecret): Issue => ({
  path: ['secrets', 'provider'],
  message: `has SealedSecret ${namespace}/${name} (line ${at.line} of ${SEALED_SECRETS_FILE}) with an immutable Secret, so re-sealed values have no effect (remove immutable from its template)`,
});

const plainWarning = ({ secret, key, at }: ReturnType<typeof plainTexts>[number]): Issue => ({
  path: ['secrets', 'provider'],
  message: `has SealedSecret ${secret.namespace}/${secret.name} with plain text in ${key} (line ${at.line} of ${SEALED_SECRETS_FILE}), which is written to the output as it is (seal it if it is secret)`,
});

/** Whether the note of a value says so, whatever the certificate file contains. */
const isSealedByExample = ({ encryptedData }: SealedSecret): boolean =>
  [...encryptedData.values()].some(
    ({ note }) => note?.certificate === shortFingerprint({ fingerprint: EXAMPLE_FINGERPRINT }),
  );
