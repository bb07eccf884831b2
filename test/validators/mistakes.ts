import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentInput } from '../../lib/environment/model';
import { BASE } from './base';
import { writeAll } from './combinations';

/** An issue put into our own output, and the validators that must object to it. */
interface PlantedMistake {
  /** The file that it is put into. */
  readonly file?: string;
  /** What is replaced there, and by what; without a replacement the file is removed. */
  readonly text?: readonly [from: RegExp, to: string];
  /** A file that is put beside the others: a copy of `file`, or a note. */
  readonly beside?: string;
  /** Judge and rule. */
  readonly objections: readonly (readonly [validator: string, rule: string])[];
}

const DEPLOYMENT = 'deployment.k8s.yaml';
const MONITORING = 'monitoring.k8s.yaml';

/** With everything that a validator checks. */
const MONITORED: EnvironmentInput = {
  ...BASE,
  monitoring: { metrics: {}, serviceMonitor: {}, rules: {}, dashboard: {} },
};

/** Issues by name, which is also their folder. Each validator must find at least one. */
export const FAULTS: Readonly<Record<string, PlantedMistake>> = {
  'bad-privileged': {
    file: DEPLOYMENT,
    text: [/privileged: false/g, 'privileged: true'],
    objections: [
      ['psa-restricted', 'baseline'],
      ['kube-score', 'container-security-context-privileged'],
      ['checkov', 'CKV_K8S_16'],
    ],
  },
  'bad-root': {
    file: DEPLOYMENT,
    text: [/runAsNonRoot: true/g, 'runAsNonRoot: false'],
    objections: [['psa-restricted', 'restricted']],
  },
  'bad-tag': {
    file: DEPLOYMENT,
    text: [/image: .*/g, 'image: mlflow:latest'],
    objections: [
      ['kube-score', 'container-image-tag'],
      ['checkov', 'CKV_K8S_14'],
    ],
  },
  'bad-policy-lost': { file: 'network-policy.k8s.yaml', objections: [['kube-score', 'pod-networkpolicy']] },
  'bad-field': {
    file: DEPLOYMENT,
    text: [/revisionHistoryLimit: 5/, 'revisionHistory: 5'],
    objections: [
      ['kubectl-validate', 'schema'],
      ['kubeconform', 'schema'],
    ],
  },
  'bad-null': {
    file: DEPLOYMENT,
    text: [/revisionHistoryLimit: 5/, 'revisionHistoryLimit: null'],
    objections: [['kubeconform', 'schema']],
  },
  'bad-octal': {
    file: DEPLOYMENT,
    text: [/revisionHistoryLimit: 5/, 'revisionHistoryLimit: 010'],
    objections: [
      ['yaml11-12', 'reads-differently'],
      ['yamllint', 'octal-values'],
    ],
  },
  'bad-variable': {
    file: DEPLOYMENT,
    text: [/checksum\/programs: .*/, 'checksum/programs: $' + '{SUM}'],
    objections: [['flux-subst', 'substitution']],
  },
  'bad-twice': { file: 'service.k8s.yaml', beside: 'service-copy.k8s.yaml', objections: [['duplicates', 'duplicate']] },
  'bad-query': { file: MONITORING, text: [/\) == 0$/m, ') === 0'], objections: [['promtool', 'rules']] },
  'bad-dashboard': {
    file: MONITORING,
    text: [/"schemaVersion"/, '"schemeVersion"'],
    objections: [['grafana', 'field']],
  },
  'bad-note': { beside: 'notes.txt', objections: [['files', 'foreign-file']] },
};

/** Writes an environment for each issue, and puts it in. */
export function writeIssues(folder: string): void {
  writeAll(folder, new Map(Object.keys(FAULTS).map((name) => [name, MONITORED])));
  for (const [name, { file, text, beside }] of Object.entries(FAULTS)) plant(join(folder, name), file, text, beside);
}

function plant(folder: string, file?: string, text?: PlantedMistake['text'], beside?: string): void {
  const path = join(folder, file ?? DEPLOYMENT);
  if (!existsSync(path)) throw new Error(`${path}: is no file (name one that synth writes)`);
  if (beside) {
    if (file) cpSync(path, join(folder, beside));
    else writeFileSync(join(folder, beside), 'to do\n');
  } else if (text) {
    const before = readFileSync(path, 'utf8');
    const after = before.replace(...text);
    if (after === before) throw new Error(`${path}: holds nothing like ${text[0]} (change the issue)`);
    writeFileSync(path, after);
  } else {
    rmSync(path);
  }
}
