import { X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { applyObjects, kubectl, run, secret, tryKubectl, until } from '../lab';

/** The issuer that environments name. */
export const ISSUER = 'internal';

/** What a patch of them sets, as long as OpenSSL counts: in days. */
export const DAYS = 2;

const HOURS = /^(\d+)h$/;

/** A time as whole days, which is what OpenSSL counts in. */
const days = z.string().transform((text, context) => {
  const number = Number(HOURS.exec(text)?.[1]) / 24;
  if (!Number.isInteger(number)) context.addIssue('must be whole days in hours, such as 48h');
  return number;
});

/** The names of usages in a Certificate, and OpenSSL's. */
const KEY_USAGES: Readonly<Record<string, string>> = {
  'digital signature': 'digitalSignature',
  'key encipherment': 'keyEncipherment',
};
const EXTENDED_USAGES: Readonly<Record<string, string>> = { 'server auth': 'serverAuth' };

const CURVES = { 256: 'prime256v1', 384: 'secp384r1', 521: 'secp521r1' } as const;

/** What the stand-in does. Of a Certificate with any other field or value it issues nothing. */
const specification = z.strictObject({
  secretName: z.string(),
  issuerRef: z.strictObject({
    group: z.literal('cert-manager.io'),
    kind: z.literal('ClusterIssuer'),
    name: z.string(),
  }),
  dnsNames: z.array(z.string()).min(1),
  ipAddresses: z.array(z.string()).default([]),
  // As long as cert-manager's, unless it is said.
  duration: days.default(90),
  renewBefore: z.string().regex(HOURS).optional(),
  privateKey: z.strictObject({
    algorithm: z.literal('ECDSA'),
    size: z.union([z.literal(256), z.literal(384), z.literal(521)]),
    rotationPolicy: z.literal('Always'),
  }),
  usages: z.array(z.enum([...Object.keys(KEY_USAGES), ...Object.keys(EXTENDED_USAGES)])).min(1),
  revisionHistoryLimit: z.number(),
});
type Specification = z.output<typeof specification>;

/**
 * Stands in for cert-manager with a ClusterIssuer of a private CA, since the lab has no cert-manager: it issues the Secret of
 * a Certificate as the API server has it, with the names, key, time and usages that it asks for. It renews when it is told to,
 * and not when the time has come.
 */
export class StandInIssuer {
  private revision = 0;

  private constructor(
    private readonly folder: string,
    private readonly name: string,
  ) {}

  /** Makes its CA in a folder. */
  static async create(folder: string, name: string): Promise<StandInIssuer> {
    mkdirSync(folder, { recursive: true });
    const issuer = new StandInIssuer(folder, name);
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', 'ca.key'];
    await issuer.openssl('req', '-x509', ...key, '-out', 'ca.crt', '-days', '365', '-subj', `/CN=${name}`);
    return issuer;
  }

  /** The certificate of its CA. */
  get ca(): string {
    return this.read('ca.crt');
  }

  /** Waits for a Certificate, and issues or renews its Secret: each time with another key. */
  async issue(namespace: string, certificate: string): Promise<X509Certificate> {
    const given = ['-n', namespace, 'get', 'certificate', certificate, '-o', 'json'];
    await until(`Certificate ${certificate}`, 60, async () => (await tryKubectl(given)).code === 0);
    const asked = specification.parse((JSON.parse(await kubectl(given)) as { spec: unknown }).spec);
    if (asked.issuerRef.name !== this.name) throw new Error(`${asked.issuerRef.name} is another issuer`);
    await this.sign(asked);
    const made = secret(
      namespace,
      asked.secretName,
      { 'tls.crt': this.read('leaf.crt'), 'tls.key': this.read('leaf.key'), 'ca.crt': this.ca },
      'kubernetes.io/tls',
    );
    const annotations = { 'cert-manager.io/certificate-name': certificate };
    await applyObjects([{ ...made, metadata: { ...made.metadata, annotations } }]);
    await this.note(namespace, certificate);
    return new X509Certificate(this.read('leaf.crt'));
  }

  private async sign({ privateKey, dnsNames, ipAddresses, usages, duration }: Specification): Promise<void> {
    const usage = (names: Readonly<Record<string, string>>) => usages.flatMap((each) => names[each] ?? []).join(',');
    const names = [...dnsNames.map((name) => `DNS:${name}`), ...ipAddresses.map((address) => `IP:${address}`)];
    const extensions = [
      'basicConstraints=critical,CA:FALSE',
      'authorityKeyIdentifier=keyid',
      `keyUsage=critical,${usage(KEY_USAGES)}`,
      `extendedKeyUsage=${usage(EXTENDED_USAGES)}`,
      // Critical, because there is no subject.
      `subjectAltName=critical,${names.join(',')}`,
    ];
    writeFileSync(join(this.folder, 'extensions'), `${extensions.join('\n')}\n`);
    await this.openssl('ecparam', '-name', CURVES[privateKey.size], '-genkey', '-noout', '-out', 'leaf.key');
    await this.openssl('req', '-new', '-key', 'leaf.key', '-subj', '/', '-out', 'leaf.csr');
    const by = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'extensions'];
    await this.openssl('x509', '-req', '-in', 'leaf.csr', ...by, '-days', String(duration), '-out', 'leaf.crt');
  }

  /** As cert-manager says that it is done. */
  private async note(namespace: string, certificate: string): Promise<void> {
    this.revision += 1;
    const ready = { type: 'Ready', status: 'True', reason: 'Ready', message: 'Certificate is up to date' };
    const conditions = [{ ...ready, lastTransitionTime: new Date().toISOString().replace(/\.\d+/, '') }];
    const status = JSON.stringify({ status: { conditions, revision: this.revision } });
    const given = ['patch', 'certificate', certificate, '--subresource=status', '--type=merge', '-p', status];
    await kubectl(['-n', namespace, ...given]);
  }

  private openssl(...given: string[]): Promise<string> {
    return run('openssl', given, { cwd: this.folder });
  }

  private read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }
}
