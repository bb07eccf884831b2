import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { shortFingerprint } from '../../../lib/sealed-secrets/ciphertext';
import { makeKeyPair } from '../../support/key-pair';
import { CERTIFICATE, manifest, PAIR, sealedFor } from '../../support/sealed-manifest';
import { Setting } from '../../support/sealing-setting';
import { contentsOf } from '../../support/support';

let lab: Setting;
beforeEach(() => {
  lab = new Setting();
});

const DATABASE = ['mlflow-db-credentials', 'password'] as const;

/** The row of a key, its cells parted by two blanks. */
async function row(place: string): Promise<string[]> {
  const { code, stdout, stderr } = await lab.seal('--status');
  expect([code, stderr]).toEqual([0, '']);
  const cells = stdout.split('\n').map((line) => line.split(/ {2,}/));
  const found = cells.filter(([secret, key]) => `${secret} ${key}` === place);
  expect(found).toHaveLength(1);
  return found[0]?.slice(2) ?? [];
}

const current = `${shortFingerprint(CERTIFICATE)} current`;

test('lists each key of each Secret, and writes nothing', async () => {
  await lab.sealValue('hunter2', ...DATABASE);
  const before = contentsOf(lab.folder);
  const { code, stdout, stderr } = await lab.seal('--status');
  expect([code, stderr]).toEqual([0, '']);
  expect(contentsOf(lab.folder)).toEqual(before);
  expect(stdout.replaceAll(lab.environments, 'environments').replaceAll(CERTIFICATE.fingerprint, 'FINGERPRINT')).toBe(
    `certificate environments/lab/sealing-certificate.pem: SHA-256 FINGERPRINT, RSA 2048, valid 2026-01-01 to 2036-01-01
scope strict

SECRET                        KEY                             STATE    CERTIFICATE               SCOPE
mlflow/mlflow-db-credentials  username                        missing  -                         strict
mlflow/mlflow-db-credentials  password                        sealed   ${current}  strict
mlflow/mlflow-s3-secret       AWS_ACCESS_KEY_ID               missing  -                         -
mlflow/mlflow-s3-secret       AWS_SECRET_ACCESS_KEY           missing  -                         -
mlflow/mlflow-basic-auth      MLFLOW_TRACKING_USERNAME        missing  -                         -
mlflow/mlflow-basic-auth      MLFLOW_TRACKING_PASSWORD        missing  -                         -
mlflow/mlflow-basic-auth      MLFLOW_FLASK_SERVER_SECRET_KEY  missing  -                         -
mlflow/mlflow-user-notebooks  MLFLOW_TRACKING_USERNAME        missing  -                         -
mlflow/mlflow-user-notebooks  MLFLOW_TRACKING_PASSWORD        missing  -                         -
mlflow/registry               .dockerconfigjson               missing  -                         -
jupyterhub/mlflow-client      MLFLOW_TRACKING_USERNAME        missing  -                         -       copy of mlflow/mlflow-user-notebooks MLFLOW_TRACKING_USERNAME
jupyterhub/mlflow-client      MLFLOW_TRACKING_PASSWORD        missing  -                         -       copy of mlflow/mlflow-user-notebooks MLFLOW_TRACKING_PASSWORD
argo/mlflow-client            MLFLOW_TRACKING_USERNAME        missing  -                         -       copy of mlflow/mlflow-user-notebooks MLFLOW_TRACKING_USERNAME
argo/mlflow-client            MLFLOW_TRACKING_PASSWORD        missing  -                         -       copy of mlflow/mlflow-user-notebooks MLFLOW_TRACKING_PASSWORD

13 of 14 missing or unusable
`,
  );
});

test('knows what an older certificate sealed, and what kubeseal did', async () => {
  await lab.sealValue('hunter2', ...DATABASE);
  const newer = makeKeyPair();
  writeFileSync(lab.certificate, newer.certificate + PAIR.certificate);
  expect(await row('mlflow/mlflow-db-credentials password')).toEqual([
    'sealed',
    `${shortFingerprint(CERTIFICATE)} older`,
    'strict',
  ]);
  const { stdout } = await lab.seal('--status');
  expect(stdout).toContain(`older certificate ${lab.certificate}: SHA-256 ${CERTIFICATE.fingerprint}`);
  const pasted = sealedFor('mlflow', 'mlflow-s3-secret', 'x').ciphertext;
  writeFileSync(lab.file, lab.text + manifest([`AWS_ACCESS_KEY_ID: ${pasted}`], '', 'mlflow-s3-secret'));
  expect(await row('mlflow/mlflow-s3-secret AWS_ACCESS_KEY_ID')).toEqual(['sealed', 'unknown', 'strict']);
});

test('says of a value that cannot be opened what is wrong with it, and that it is missing', async () => {
  await lab.sealValue('hunter2', ...DATABASE);
  writeFileSync(lab.certificate, makeKeyPair().certificate);
  const [state, certificate, scope, issue] = await row('mlflow/mlflow-db-credentials password');
  expect([state, certificate, scope]).toEqual(['unusable', `${shortFingerprint(CERTIFICATE)} unknown`, 'strict']);
  expect(issue).toMatch(/^is sealed with certificate [0-9a-f]{16}, which is not in the certificate file/);
  expect((await lab.seal('--status')).stdout).toContain('14 of 14 missing');
});

test('knows of a damaged value, and of a wrong scope', async () => {
  await lab.sealValue('hunter2', ...DATABASE);
  const damaged = lab.text.replace(/(password: .{40})./, (_, start: string) => `${start}+`);
  writeFileSync(
    lab.file,
    damaged.replace(
      'namespace: mlflow\n',
      (line) => `${line}  annotations:\n    sealedsecrets.bitnami.com/namespace-wide: "true"\n`,
    ),
  );
  const [state, , scope, ...rest] = await row('mlflow/mlflow-db-credentials password');
  expect([state, scope]).toEqual(['unusable', 'namespace-wide']);
  expect(rest.join()).toMatch(/the environment has scope strict; is damaged/);
});

test('takes what the template makes of sealed values for there, and no plain text', async () => {
  writeFileSync(
    lab.file,
    manifest(
      [`password: ${sealedFor('mlflow', 'mlflow-db-credentials', 'x').ciphertext}`],
      '  template:\n    data:\n      username: "{{ .password }}"\n',
      'mlflow-db-credentials',
    ),
  );
  expect(await row('mlflow/mlflow-db-credentials username')).toEqual(['sealed', '-', 'strict', 'from the template']);
  expect((await lab.seal('--status')).stdout).toContain('12 of 14 missing');
  const plain = readFileSync(lab.file, 'utf8').replace('"{{ .password }}"', 'mlflow');
  writeFileSync(lab.file, plain);
  const [state, , , remark] = await row('mlflow/mlflow-db-credentials username');
  expect(state).toBe('unusable');
  expect(remark).toMatch(/is plain text/);
  expect((await lab.seal('--status')).stdout).toContain('13 of 14 missing');
});

test('names what the environment does not use', async () => {
  writeFileSync(lab.file, manifest([`x: ${sealedFor('mlflow', 'other', 'x').ciphertext}`], '', 'other'));
  expect((await lab.seal('--status')).stdout).toContain('\nnot used by this environment: mlflow/other x\n');
});

test('needs no certificate', async () => {
  rmSync(lab.certificate);
  const { code, stdout } = await lab.seal('--status');
  expect([code, stdout]).toEqual([
    0,
    expect.stringContaining(
      `certificate ${lab.certificate}: is missing (kubeseal --fetch-cert > ${lab.certificate})\nscope strict\n`,
    ),
  ]);
});
