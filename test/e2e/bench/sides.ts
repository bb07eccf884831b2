import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { removeVariants, synthesizeText } from '../homelab';
import { imageLine, type LabRelease, ROOT } from '../lab';

/** A way to run the server that is measured. */
export interface Side {
  readonly title: string;
  /** The container that serves. */
  readonly container: string;
  /** Whether clients log in. */
  readonly login: boolean;
  /** What is applied: a file or a folder. */
  readonly manifests: string;
}

/** The chart's manifests for a release, as Helm rendered them. */
const chartManifests = (release: LabRelease): string =>
  join(ROOT, 'test', 'e2e', 'peers', 'community-charts', `${release}.yaml`);

/** Our smallest environment with a login, for the same stores and the same address as the chart's values. */
const environment = (release: LabRelease, login: boolean): string =>
  `${imageLine(release)}
server: { workers: 2 }
database: { host: 192.168.1.100 }
artifacts:
  s3: { bucket: mlflow-artifacts, endpoint: "http://minio.minio.svc.cluster.local:9000" }
auth: { enabled: ${login} }${login ? '' : '\nallow: [no-login]'}
service: { type: LoadBalancer, loadBalancerIP: 192.168.1.201 }
networkPolicy: { clients: { cidrs: [192.168.1.0/24] } }
`;

/** The chart as its users run it. */
export const peer = (release: LabRelease): Side => ({
  title: 'community-charts',
  container: 'mlflow',
  login: true,
  manifests: chartManifests(release),
});

/** The chart with job execution off, as our manifests have it. It only exists in releases that have jobs. */
export const peerWithoutJobs = (release: LabRelease): Side => ({
  ...peer(release),
  title: 'community-charts, job execution off',
  manifests: changed(chartManifests(release), (container) => {
    container.env.push({ name: 'MLFLOW_SERVER_ENABLE_JOB_EXECUTION', value: 'false' });
  }),
});

/** Our manifests. */
export async function ours(release: LabRelease, login = true): Promise<Side> {
  const manifests = await synthesizeText('bench', environment(release, login));
  return { title: login ? 'ours' : 'ours, authentication off', container: 'server', login, manifests };
}

/** Our manifests with `mlflow server` as MLflow starts it, without our start program. */
export async function oursStockStart(release: LabRelease): Promise<Side> {
  const side = await ours(release);
  const deployment = join(side.manifests, 'deployment.k8s.yaml');
  const stock = changed(deployment, (container) => {
    container.command.splice(0, container.command.indexOf('mlflow'));
  });
  writeFileSync(deployment, readFileSync(stock));
  return { ...side, title: 'ours, started by mlflow server' };
}

interface Container {
  readonly env: object[];
  readonly command: string[];
}

/** A copy of a file of manifests, with a change to the Deployment's container. */
function changed(file: string, change: (container: Container) => void): string {
  // As Kubernetes reads it: Helm's 0777 is octal.
  const documents = parseAllDocuments(readFileSync(file, 'utf8'), { version: '1.1' }).map((each) => each.toJS());
  for (const object of documents) {
    if (object?.kind === 'Deployment') change(object.spec.template.spec.containers[0]);
  }
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-bench-'));
  folders.push(folder);
  const copy = join(folder, 'manifests.json');
  writeFileSync(copy, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: documents.filter(Boolean) }));
  return copy;
}

const folders: string[] = [];

/** Removes what was rendered for the sides. */
export function removeSides(): void {
  removeVariants();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}
