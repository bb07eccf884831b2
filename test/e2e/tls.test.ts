import type { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCertificates } from './certificates';
import { programCode, type Round } from './clients';
import { Outsider } from './exposure/outsider';
import { removeTraefik, startTraefik, TRAEFIK } from './exposure/traefik';
import { removeSurroundings, removeVariants, sql, startSurroundings } from './homelab';
import { runJobOf } from './jobs';
import { applyObjects, kubectl, type LabRelease, lastJson, rolledOut, SHORT_PAUSE, until } from './lab';
import { pythonInPod, serverPods } from './pods';
import type { Counted } from './steady-client';
import { DAYS, ISSUER, StandInIssuer } from './tls/issuer';
import { startLoad, startLoadOutside, underLoad } from './tls/load';
import { fingerprint, type Life, lifeOfServer, shownByWorkers, waitedFor } from './tls/server';
import { caObject, HOST, NAMESPACE, SERVER, Site } from './tls/site';

/** The server that speaks HTTPS by a certificate of an issuer, for all its clients in a cluster: `npm run test:tls`. */

const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-tls-'));
const outsider = new Outsider(folder, TRAEFIK, [HOST]);
let issuer: StandInIssuer;
let stranger: StandInIssuer;

beforeAll(async () => {
  await removeTraefik();
  await startSurroundings();
  await makeCertificates(folder, [`DNS:${HOST}`]);
  await startTraefik(folder);
  issuer = await StandInIssuer.create(join(folder, 'issuer'), ISSUER);
  stranger = await StandInIssuer.create(join(folder, 'stranger'), 'stranger');
});
afterAll(async () => {
  await removeTraefik();
  await removeSurroundings();
  removeVariants();
  rmSync(folder, { recursive: true, force: true });
});

const RELEASES: readonly LabRelease[] = ['3.1.0', '3.18.0'];

describe.each(RELEASES)('MLflow %s with a certificate of an issuer', (release) => {
  const site = new Site(release);
  let certificate: X509Certificate;
  let began: Life;

  beforeAll(() => site.apply(issuer.ca));
  afterAll(() => site.stop());

  const issue = () => issuer.issue(NAMESPACE, 'mlflow');

  it('waits for its certificate, and serves with it in every worker', async () => {
    await until('pods wait for the Secret', 60, async () =>
      (await waitedFor()).some((message) => message.includes('secret "mlflow-tls" not found')),
    );
    certificate = await issue();
    await rolledOut(300, NAMESPACE);
    began = await lifeOfServer();
    await expectShown();
    for (const name of ['mlflow', `mlflow.${NAMESPACE}`, `mlflow.${NAMESPACE}.svc`, SERVER])
      expect(certificate.checkHost(name)).toBe(name);
    expect(Date.parse(certificate.validTo) - Date.parse(certificate.validFrom)).toBe(DAYS * 24 * 3600 * 1000);
  });

  /** Waits until both workers show the newest certificate and no other. */
  const expectShown = async (seconds = 30) => {
    let shown = {};
    const expected = [fingerprint(certificate)];
    await until(
      'both workers show the certificate',
      seconds,
      async () => {
        shown = await shownByWorkers();
        return JSON.stringify(Object.values(shown)) === JSON.stringify([expected, expected]);
      },
      SHORT_PAUSE,
    ).catch((error) => expect([error.message, shown, expected]).toBe('shown'));
  };

  const loads = () => ['load-1', 'load-2'].map((name) => startLoad(site, name));

  /** At most so many kept connections of each client may have been opened again. */
  const expectNoneFailed = (counted: readonly Counted[], reopened: number) => {
    for (const { failed, reasons } of counted) expect({ failed, reasons }).toEqual({ failed: 0, reasons: {} });
    expect(Math.max(...counted.map((each) => each.reopened))).toBeLessThanOrEqual(reopened);
    expect(Math.min(...counted.map(({ ok }) => ok))).toBeGreaterThan(100);
  };

  it('serves a whole round of a client in a namespace that was given its address, a login and the CA', async () => {
    const round = lastJson<Round>(await site.asClient('client', 'tls'));
    expect(round).toMatchObject({ version: '1', artifact: 'mlflow-artifacts' });
  });

  it('is not trusted without the CA, and does not answer plain HTTP', async () => {
    const pod = site.clientPod('untrusted', { trusts: false });
    const found = lastJson(await pythonInPod(pod, programCode('untrusted.py')));
    expect(found).toEqual({ 'without CA': 'unknown CA', 'plain HTTP': 'closed' });
  });

  it('collects garbage and passes its smoke test', async () => {
    const deleted = lastJson<{ experiment: string; run: string }>(await site.asClient('deleted', 'delete'));
    await sql('mlflow', `update runs set deleted_time = 0 where run_uuid = '${deleted.run}'`);
    expect(await runJobOf('mlflow-gc', NAMESPACE)).toMatchObject({
      condition: 'Complete',
      log: expect.stringContaining('gc: removed 1 runs, 0 logged models, 0 experiments'),
    });
    const left = lastJson(await site.asClient('deleted', 'look', deleted.experiment, deleted.run));
    expect(left).toEqual({ known: false, files: [] });
    expect(await runJobOf('mlflow-smoke-test', NAMESPACE)).toMatchObject({
      condition: 'Complete',
      log: expect.stringContaining('smoke test: passed in '),
    });
  });

  it('is scraped by HTTPS, as the ServiceMonitor says', async () => {
    expect(lastJson(await site.scrape())).toEqual({
      status: 200,
      up: true,
      'without login': 401,
      'another name': 'refused',
      'plain HTTP': 'closed',
    });
  });

  it('is given another certificate three times under load, and no request fails', async () => {
    const seconds: number[] = [];
    const renew = async () => {
      certificate = await issue();
      const begin = Date.now();
      // The lab's kubelet looks every ten seconds, where others look once a minute.
      await expectShown(60);
      seconds.push((Date.now() - begin) / 1000);
    };
    const counted = await underLoad([...loads(), startLoadOutside(site, outsider)], async () => {
      await renew();
      await renew();
      await renew();
    });
    console.log(`MLflow ${release}: renewed in ${seconds.join(', ')} s: ${JSON.stringify(counted)}`);
    expectNoneFailed(counted, 0);
  });

  describe('behind a Gateway, which verifies it by the BackendTLSPolicy', () => {
    /** The status of a request outside, with the login of the clients. */
    const status = async (): Promise<number> => {
      const { user, password } = await site.login();
      const input = `user = "${user}:${password}"\n`;
      const argv = ['curl', '--silent', '--config', '-', '--cacert', outsider.authority, '--output', '/dev/null'];
      const url = `https://${HOST}/api/2.0/mlflow/experiments/get?experiment_id=0`;
      return Number(await outsider.run([...argv, '--write-out', '%{http_code}', url], { input }));
    };
    const policy = (...given: string[]) => kubectl(['-n', NAMESPACE, ...given]);
    const patched = (validation: object) =>
      policy('patch', 'backendtlspolicy', 'mlflow', '--type=merge', '-p', JSON.stringify({ spec: { validation } }));
    const validation = async () =>
      JSON.parse(await policy('get', 'backendtlspolicy', 'mlflow', '-o', 'jsonpath={.spec.validation}')) as object;

    it('is reached from outside', async () => {
      await until('the request is answered', 60, async () => (await status()) === 200);
      const accepted = 'jsonpath={.status.ancestors[*].conditions[?(@.type=="Accepted")].status}';
      // Once for each listener of the Gateway.
      expect(new Set((await policy('get', 'backendtlspolicy', 'mlflow', '-o', accepted)).split(' '))).toEqual(
        new Set(['True']),
      );
    });

    it.each([
      ['CA', { caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'other-ca' }] }],
      ['name', { hostname: 'other.example.com' }],
    ])('is not, if the policy has another %s', async (_, other) => {
      const right = await validation();
      await applyObjects([caObject(NAMESPACE, stranger.ca, 'other-ca')]);
      await patched(other);
      await until('the Gateway refuses', 60, async () => (await status()) >= 500);
      await patched(right);
      await until('the request is answered', 60, async () => (await status()) === 200);
    });
  });

  it('was ready all the time, with no failed probe and no restart', async () => {
    expect({ ...began, restarts: 0, failedProbes: [] }).toEqual(await lifeOfServer());
  });

  it('is restarted under load, and no request fails', async () => {
    const counted = await underLoad(loads(), async () => {
      await kubectl(['-n', NAMESPACE, 'rollout', 'restart', 'deployment/mlflow']);
      await rolledOut(300, NAMESPACE);
      await until('the old pod is gone', 120, async () => (await serverPods(NAMESPACE)).length === 1);
    });
    console.log(`MLflow ${release}: restarted: ${JSON.stringify(counted)}`);
    // One pod ends, and two connections of each client are kept.
    expectNoneFailed(counted, 2);
  });
});
