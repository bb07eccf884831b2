import { type Agent, request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { Readable } from 'node:stream';

export interface Answer {
  /** 0: no answer. */
  readonly status: number;
  readonly text: string;
}

export interface Ask {
  readonly method?: string;
  readonly login?: readonly [user: string, password: string];
  readonly json?: unknown;
  readonly body?: string;
  /** Sends the body in chunks, without a length. */
  readonly inChunks?: boolean;
  /** Further headers, such as Host. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Keeps connections. @default a connection for this request, so that no pool keeps a server from stopping */
  readonly agent?: Agent;
  /** The address of the client. */
  readonly from?: string;
  /** The CA of a server that has a certificate. */
  readonly ca?: string;
}

/** The header of a login. */
export const basic = (username: string, password: string): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

/** One request. */
export function request(url: string, ask: Ask = {}): Promise<Answer> {
  const body = ask.json === undefined ? ask.body : JSON.stringify(ask.json);
  const headers: Record<string, string> = { ...ask.headers };
  if (ask.json !== undefined) headers['content-type'] = 'application/json';
  // Node sends the body of a DELETE without a length, which servers then take for none.
  if (ask.inChunks) headers['transfer-encoding'] = 'chunked';
  else if (body !== undefined) headers['content-length'] = String(Buffer.byteLength(body));
  if (ask.login) headers.authorization = basic(...ask.login);
  return new Promise((resolve) => {
    const outgoing = (url.startsWith('https:') ? httpsRequest : httpRequest)(
      url,
      {
        ca: ask.ca,
        method: ask.method ?? (body === undefined ? 'GET' : 'POST'),
        headers,
        agent: ask.agent ?? false,
        localAddress: ask.from,
        timeout: 60_000,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
        response.on('error', () => resolve({ status: 0, text }));
      },
    );
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', (error) => resolve({ status: 0, text: String(error) }));
    outgoing.end(body);
  });
}

/** A body that is made while it is sent, without a length. */
export const chunked = (size: number) =>
  Readable.from(
    (function* () {
      for (let sent = 0; sent < size; sent += 65_536) yield Buffer.alloc(Math.min(65_536, size - sent), 'x');
    })(),
  );
