import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, secret } from './lab';

/**
 * Creates a company's own CA and a certificate of it in a folder: `ca.crt`, `server.crt` and `server.key`.
 *
 * @param names what the certificate is for, as OpenSSL writes it: `DNS:NAME` or `IP:ADDRESS`
 */
export async function makeCertificates(folder: string, names: readonly string[]): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const openssl = (...given: string[]) => run('openssl', given, { cwd: folder });
  const key = ['-newkey', 'rsa:2048', '-nodes'];
  await openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.crt', '-days', '2', '-subj', '/CN=company');
  writeFileSync(join(folder, 'names'), `subjectAltName=${names.join(',')}\n`);
  await openssl('req', ...key, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=example.com');
  const signed = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '2'];
  await openssl('x509', '-req', '-in', 'server.csr', ...signed, '-out', 'server.crt');
}

/** The Secret of such a certificate. */
export function tlsSecret(namespace: string, name: string, folder: string) {
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  return secret(namespace, name, { 'tls.crt': read('server.crt'), 'tls.key': read('server.key') }, 'kubernetes.io/tls');
}
