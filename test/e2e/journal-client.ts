import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from './lab';
import { journal } from './quickstart';

interface Written {
  readonly noted: Readonly<Record<string, number>>;
  readonly failed: Readonly<Record<string, number>>;
}

interface Verified {
  readonly found: Readonly<Record<string, number>>;
  readonly lost: readonly unknown[];
}

/** A client of the quickstart that notes, in a folder, all that the server acknowledged. */
export class JournalClient {
  private readonly notes: string;

  constructor(private readonly folder: string) {
    this.notes = join(folder, 'journal');
  }

  /** Does something while the client writes, which it did before and does again afterwards. */
  async during(name: string, task: () => Promise<void>): Promise<void> {
    const stop = join(this.folder, `stop-${name}`);
    const writing = journal<Written>('write', this.notes, stop);
    try {
      await this.moreAcknowledged();
      await task();
      await this.moreAcknowledged();
    } finally {
      writeFileSync(stop, '');
    }
    console.log(`${name}, under a client: ${JSON.stringify(await writing)}`);
  }

  /** Expects everything that was ever acknowledged. */
  async losesNothing(): Promise<void> {
    const { found, lost } = await journal<Verified>('verify', this.notes);
    console.log(`acknowledged and there: ${JSON.stringify(found)}`);
    expect(lost).toEqual([]);
    for (const kind of ['run', 'metric', 'artifact']) expect(found[kind]).toBeGreaterThan(0);
  }

  private acknowledged(): number {
    return existsSync(this.notes) ? readFileSync(this.notes, 'utf8').split('\n').length : 0;
  }

  private moreAcknowledged(): Promise<void> {
    const before = this.acknowledged();
    return until('the client is answered', 90, async () => this.acknowledged() > before + 10);
  }
}
