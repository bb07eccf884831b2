import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../support/support';

/** TypeScript's language server, as an editor talks to it. */
export class LanguageServer {
  private readonly process: ChildProcessWithoutNullStreams;
  private readonly waiting = new Map<number, (result: unknown) => void>();
  private received = Buffer.alloc(0);
  private sent = 0;

  constructor(private readonly folder: string) {
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    this.process = spawn(process.execPath, [tsc, '--lsp', '--stdio'], { cwd: folder });
    this.process.stdout.on('data', (bytes: Buffer) => this.receive(bytes));
  }

  /** Opens the folder, and a file of it. */
  async open(file: string): Promise<void> {
    const rootUri = pathToFileURL(this.folder).href;
    await this.request('initialize', { processId: process.pid, rootUri, capabilities: HOVERS });
    this.notify('initialized', {});
    const text = readFileSync(join(this.folder, file), 'utf8');
    this.notify('textDocument/didOpen', {
      textDocument: { uri: this.uriOf(file), languageId: 'typescript', version: 1, text },
    });
  }

  /** What an editor shows over the first occurrence of a word, in Markdown. */
  async hover(file: string, word: string): Promise<string> {
    const before = readFileSync(join(this.folder, file), 'utf8').split(word)[0] ?? '';
    const lines = before.split('\n');
    const position = { line: lines.length - 1, character: (lines.at(-1)?.length ?? 0) + 1 };
    const answer = await this.request('textDocument/hover', { textDocument: { uri: this.uriOf(file) }, position });
    return (answer as { contents?: { value?: string } } | null)?.contents?.value ?? '';
  }

  /** Ends it. */
  async close(): Promise<void> {
    await this.request('shutdown', undefined);
    this.notify('exit', undefined);
    await new Promise((resolve) => this.process.once('exit', resolve));
  }

  private uriOf(file: string): string {
    return pathToFileURL(join(this.folder, file)).href;
  }

  private request(method: string, params: unknown): Promise<unknown> {
    this.sent += 1;
    const id = this.sent;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.send({ id, method, params });
    });
  }

  private notify(method: string, params: unknown): void {
    this.send({ method, params });
  }

  private send(message: object): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    this.process.stdin.write(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`);
  }

  private receive(bytes: Buffer): void {
    this.received = Buffer.concat([this.received, bytes]);
    for (;;) {
      const end = this.received.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(this.received.subarray(0, end).toString())?.[1]);
      const start = end + 4;
      if (end < 0 || this.received.length < start + length) return;
      const message = JSON.parse(this.received.subarray(start, start + length).toString()) as Message;
      this.received = this.received.subarray(start + length);
      this.answer(message);
    }
  }

  private answer({ id, method, result }: Message): void {
    if (id === undefined) return;
    // The server asks for settings: there are none.
    if (method !== undefined) this.send({ id, result: method === 'workspace/configuration' ? [null] : null });
    else {
      this.waiting.get(id)?.(result);
      this.waiting.delete(id);
    }
  }
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
}

/** An editor that shows Markdown. */
const HOVERS = { textDocument: { hover: { contentFormat: ['markdown'] } } };
