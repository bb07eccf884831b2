import { mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect, type PeerCertificate } from 'node:tls';
import { run } from './process';

/** A key and certificate of PEM texts, and the CA that issued it. */
export interface Issued {
  readonly 'tls.crt': string;
  readonly 'tls.key': string;
  readonly 'ca.crt': string;
}

/** A CA of one test file. */
export class Issuer {
  private count = 0;

  private constructor(private readonly folder: string) {}

  static async create(folder: string): Promise<Issuer> {
    mkdirSync(folder);
    const issuer = new Issuer(folder);
    await issuer.openssl(['-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=test CA'], 'ec');
    return issuer;
  }

  get ca(): string {
    return this.read('ca.crt');
  }

  /** A certificate for this machine, and for other hosts; each has another key and serial number. */
  async issue(type: 'rsa' | 'ec' = 'ec', hosts: readonly string[] = ['localhost']): Promise<Issued> {
    this.count += 1;
    const subjects = [...hosts.map((host) => `DNS:${host}`), 'IP:127.0.0.1'].join(',');
    const names = ['-addext', `subjectAltName=${subjects}`, '-addext', 'basicConstraints=CA:FALSE'];
    const [key, certificate] = [`${this.count}.key`, `${this.count}.crt`];
    const files = ['-keyout', key, '-out', certificate, '-CA', 'ca.crt', '-CAkey', 'ca.key'];
    await this.openssl([...files, ...names, '-subj', `/CN=server ${this.count}`], type);
    return { 'tls.crt': this.read(certificate), 'tls.key': this.read(key), 'ca.crt': this.ca };
  }

  private async openssl(argv: readonly string[], type: 'rsa' | 'ec'): Promise<void> {
    const key = type === 'rsa' ? ['rsa:2048'] : ['ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'];
    const command = ['openssl', 'req', '-x509', '-nodes', '-days', '2', '-newkey', ...key, ...argv];
    const { code, stderr } = await run(['env', `--chdir=${this.folder}`, ...command], { PATH: process.env.PATH });
    if (code !== 0) throw new Error(`openssl: ${stderr}`);
  }

  private read(name: string): string {
    return readFileSync(join(this.folder, name), 'utf8');
  }
}

/** The volume of a Secret as the kubelet updates it: files that are links into a folder, which is replaced at once. */
export class SecretVolume {
  private count = 0;

  constructor(
    readonly folder: string,
    content: Issued,
  ) {
    mkdirSync(folder);
    this.update(content);
    for (const name of Object.keys(content)) symlinkSync(`..data/${name}`, join(folder, name));
  }

  update(content: Issued): void {
    this.count += 1;
    const version = `..${this.count}`;
    mkdirSync(join(this.folder, version));
    for (const [name, text] of Object.entries(content)) writeFileSync(join(this.folder, version, name), text);
    symlinkSync(version, join(this.folder, '..next'));
    renameSync(join(this.folder, '..next'), join(this.folder, '..data'));
  }
}

/** The certificate that a server shows to a new connection. */
export const shownBy = (port: number, ca: string): Promise<PeerCertificate> =>
  new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca }, () => {
      resolve(socket.getPeerCertificate());
      socket.end();
    });
    socket.once('error', reject);
  });
