import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readCertificate, sealInto } from 'cdk8s-mlflow/sealed-secrets';

// kubeseal --fetch-cert > sealing-certificate.pem
const CERTIFICATE = 'sealing-certificate.pem';
const FILE = 'sealed-secrets.yaml';

const password = process.env.PASSWORD;
if (!password) throw new Error('set PASSWORD');

const certificate = readCertificate(readFileSync(CERTIFICATE, 'utf8'), CERTIFICATE);
const text = existsSync(FILE) ? readFileSync(FILE, 'utf8') : '';
const secret = { namespace: 'mlflow', name: 'mlflow-db-credentials', values: { username: 'mlflow', password } };

writeFileSync(FILE, sealInto(text, certificate, secret, FILE));
