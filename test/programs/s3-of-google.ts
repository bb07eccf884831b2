import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request, with the reason for which the S3 interface of Google Cloud Storage refuses it. */
const REFUSALS: readonly (readonly [reason: string, isRefused: (asked: IncomingMessage) => boolean])[] = [
  [
    'POST ?delete is not implemented for objects.',
    ({ method, url }) => method === 'POST' && /[?&]delete/.test(url ?? ''),
  ],
  // What newer boto3 adds to uploads by itself.
  ['trailing checksums', ({ headers }) => 'x-amz-trailer' in headers || 'x-amz-sdk-checksum-algorithm' in headers],
  ['chunked signatures', ({ headers }) => /^STREAMING-/.test(String(headers['x-amz-content-sha256'] ?? ''))],
];

/**
 * The S3 interface of Google Cloud Storage on loopback: a real S3 store behind what refuses that which Google's has
 * refused.
 *
 * @see https://github.com/supabase/storage/issues/898
 */
export class S3OfGoogle {
  /** The reasons for which requests were refused. */
  readonly refused = new Set<string>();

  private constructor(private readonly server: Server) {}

  /** @param store the port of the real one */
  static async start(store: number): Promise<S3OfGoogle> {
    const server = createServer((asked, answer) => interop.answer(asked, answer, store));
    const interop = new S3OfGoogle(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return interop;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private answer(asked: IncomingMessage, answer: ServerResponse, store: number): void {
    const [reason] = REFUSALS.find(([, isRefused]) => isRefused(asked)) ?? [];
    if (reason !== undefined) {
      this.refused.add(reason);
      asked.resume();
      answer
        .writeHead(400, { 'content-type': 'application/xml' })
        .end(`<?xml version='1.0'?><Error><Code>NotImplemented</Code><Message>${reason}</Message></Error>`);
      return;
    }
    const { url, method, headers } = asked;
    const onward = forward({ host: '127.0.0.1', port: store, path: url, method, headers }, (from) => {
      answer.writeHead(from.statusCode ?? 502, from.headers);
      from.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    asked.pipe(onward);
  }
}
