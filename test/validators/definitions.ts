import { copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { customSchemas } from '../../tools/kubernetes/schemas';

/** The project's own definitions of custom resources. */
const OURS = join(__dirname, '..', '..', 'crds');

/** Groups of Google, whose definitions are in its clusters alone: in these anything is accepted. */
const UNPUBLISHED = /^(cloud\.google\.com|networking\.gke\.io)\//;

/**
 * Calls something with a folder of all definitions of custom resources, which it removes again: those of the lab, the
 * project's, and for Google's some that accept anything.
 *
 * @param lab the folder of the lab's
 */
export async function withDefinitions<T>(lab: string, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-mlflow-crds-'));
  try {
    for (const from of [lab, join(OURS, 'untyped')])
      for (const name of readdirSync(from).filter((each) => each.endsWith('.yaml')))
        copyFileSync(join(from, name), join(folder, name));
    const identities = [...customSchemas(OURS).keys()].filter((identity) => UNPUBLISHED.test(identity));
    writeFileSync(join(folder, 'google.yaml'), identities.map(acceptsAnything).join('---\n'));
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function acceptsAnything(identity: string): string {
  const [, group = '', version = '', kind = ''] = /^(.+)\/(\S+) (\S+)$/.exec(identity) ?? [];
  const plural = `${kind.toLowerCase().replace(/y$/, 'ie')}s`;
  const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return stringify({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
      scope: 'Namespaced',
      versions: [{ name: version, served: true, storage: true, schema }],
    },
  });
}
