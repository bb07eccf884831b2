import { type Agent, request as httpRequest } from 'node:http';

/** What a browser got. */
export interface Page {
  readonly status: number;
  readonly url: string;
  readonly text: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** What is sent besides cookies. */
export interface Sent {
  readonly method?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
}

interface Cookie {
  readonly value: string;
  readonly path: string;
}

/** A browser as far as logins need one: cookies of each host, and redirects. */
export class Browser {
  private readonly cookies = new Map<string, Map<string, Cookie>>();

  /** One request, without following redirects. */
  async send(url: string, { method = 'GET', body, headers = {} }: Sent = {}): Promise<Page> {
    const { hostname, pathname } = new URL(url);
    const kept = [...(this.cookies.get(hostname) ?? [])].filter(([, { path }]) => pathname.startsWith(path));
    const cookie = kept.map(([name, { value }]) => `${name}=${value}`).join('; ');
    const all = {
      ...(cookie ? { cookie } : {}),
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      ...headers,
    };
    const page = await new Promise<Page>((resolve, reject) => {
      const outgoing = httpRequest(url, { method, headers: all, agent: false, timeout: 60_000 }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, url, text, headers: response.headers }));
        response.on('error', reject);
      });
      outgoing.on('timeout', () => outgoing.destroy(new Error(`${url}: no answer`)));
      outgoing.on('error', reject);
      outgoing.end(body);
    });
    this.keep(hostname, [page.headers['set-cookie'] ?? []].flat());
    return page;
  }

  /** A page, at the end of all redirects. */
  async open(url: string, sent: Sent = {}): Promise<Page> {
    let page = await this.send(url, sent);
    for (let redirects = 0; [301, 302, 303, 307].includes(page.status); redirects += 1) {
      if (redirects === 10) throw new Error(`${url}: too many redirects, last to ${page.url}`);
      page = await this.send(new URL(String(page.headers.location), page.url).href);
    }
    return page;
  }

  /** The names of cookies of a host. */
  cookiesOf(url: string): string[] {
    return [...(this.cookies.get(new URL(url).hostname)?.keys() ?? [])];
  }

  private keep(hostname: string, lines: readonly string[]): void {
    const cookies = this.cookies.get(hostname) ?? new Map<string, Cookie>();
    this.cookies.set(hostname, cookies);
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const [name = '', ...value] = pair.split('=');
      const of = (attribute: string) =>
        attributes.find((each) => each.toLowerCase().startsWith(`${attribute}=`))?.split('=')[1];
      const isGone = Number(of('max-age') ?? 1) <= 0 || Date.parse(of('expires') ?? '9999-01-01') < Date.now();
      if (isGone || value.join('=') === '') cookies.delete(name);
      else cookies.set(name, { value: value.join('='), path: of('path') ?? '/' });
    }
  }
}
