import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Lab } from './lab';
import { literal } from './postgres';
import type { RenderedServer } from './rendered-server';

const API = '/api/2.0/mlflow';

/** Locations outside of a server's artifact root: another server, a folder, and a bucket that its keys open. */
export class Elsewhere {
  /** What the other server was asked, with the login. */
  readonly asked: string[] = [];
  private readonly folder: string;

  private constructor(
    private readonly lab: Lab,
    private readonly bucket: string,
    private readonly listener: Server,
  ) {
    this.folder = mkdtempSync(lab.path('elsewhere'));
    listener.on('request', ({ url, headers }, response) => {
      this.asked.push(`${url} ${headers.authorization}`);
      response.end();
    });
  }

  static async start(lab: Lab, bucket: string): Promise<Elsewhere> {
    const listener = createServer().listen(0, '127.0.0.1');
    await once(listener, 'listening');
    return new Elsewhere(lab, bucket, listener);
  }

  stop(): void {
    this.listener.close();
  }

  /** Every file and folder that there is elsewhere. */
  files(): string[] {
    const folders = readdirSync(this.folder).flatMap((id) =>
      readdirSync(join(this.folder, id)).map((name) => `${id}/${name}`),
    );
    return [...folders, ...Object.keys(this.lab.store.objects(this.bucket))];
  }

  /** Adds an experiment with a run, both deleted long ago, for each location. The number of them. */
  async addExperiments(server: RenderedServer): Promise<number> {
    const host = `127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
    const locations = [
      `http://${host}/1`,
      `mlflow-artifacts://${host}/1`,
      this.folder,
      `file://${this.folder}`,
      `s3://${this.bucket}`,
    ];
    for (const location of locations) await this.addExperiment(server, location);
    return locations.length;
  }

  private async addExperiment(server: RenderedServer, location: string): Promise<void> {
    const name = { json: { name: location } };
    const json = await server.must<{ experiment_id: string }>(`${API}/experiments/create`, name);
    const { run } = await server.must<{ run: { info: { run_id: string } } }>(`${API}/runs/create`, { json });
    await server.must(`${API}/experiments/delete`, { json });
    const id = json.experiment_id;
    // Where an experiment ends in its own id, folders in it are removed as a whole.
    const files = literal(`${location}/${id}`);
    if (location.includes(this.folder)) mkdirSync(join(this.folder, id, 'models'), { recursive: true });
    if (location.includes(this.bucket)) this.lab.store.write(this.bucket, `${id}/models/file`, 'kept');
    await this.lab.postgres.sql(
      server.environment.database.name,
      `UPDATE experiments SET artifact_location = ${files}, last_update_time = 0 WHERE experiment_id = ${id}`,
      `UPDATE runs SET artifact_uri = ${files}, lifecycle_stage = 'deleted', deleted_time = 0 WHERE run_uuid = ${literal(run.info.run_id)}`,
    );
  }
}
