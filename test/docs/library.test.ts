import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { KubeIngress } from 'cdk8s-plus-28/lib/imports/k8s';
import { MlflowChart, type MlflowChartProps } from '../../lib';
import { brokenLinks, linksOf } from '../support/links';
import { ROOT, SMALLEST, temporaryFolder } from '../support/support';

/** The page about the library: every example of the folder, and the messages that it quotes. */

const page = readFileSync(join(ROOT, 'docs', 'library.md'), 'utf8');

/** A quoted message, up to what is left out. */
const quotes = [...page.matchAll(/```text\n([\s\S]*?)```/g)].map(([, text = '']) => text.split('…')[0]?.trim() ?? '');

const message = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return String(error);
  }
  return '';
};

test('shows or names each example', () => {
  const names = readdirSync(join(ROOT, 'examples')).filter((name) => name !== 'README.md');
  expect(names.filter((name) => !page.includes(`examples/${name}`))).toEqual([]);
  const shown = [...page.matchAll(/^\/\/ (examples\/\S+)$/gm)].map(([, path = '']) => path);
  expect(shown.length).toBeGreaterThan(5);
});

test('links to what exists', () => {
  for (const each of ['docs/library.md', 'examples/README.md']) {
    expect(linksOf(each).length).toBeGreaterThan(5);
    expect(brokenLinks(each)).toEqual([]);
  }
});

test('quotes what is printed', () => {
  const wrong = { ...SMALLEST, server: { replcas: 2 } } as MlflowChartProps;
  const app = new App({ outdir: temporaryFolder() });
  const chart = new MlflowChart(app, 'mlflow', { ...SMALLEST, namespace: { name: 'ml' } });
  const backend = { service: { name: 'mlfow', port: { number: chart.servicePort } } };
  new KubeIngress(chart, 'ingress', { metadata: { name: 'mlflow' }, spec: { defaultBackend: backend } });
  const other = new App({ outdir: temporaryFolder() });
  const printed = [message(() => new MlflowChart(other, 'mlflow', wrong)), message(() => app.synth())];
  expect(quotes).toHaveLength(printed.length);
  for (const [index, quote] of quotes.entries()) expect(printed[index]).toContain(quote);
});
