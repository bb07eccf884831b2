import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Chart, JsonPatch } from 'cdk8s';
import { KubeConfigMap } from 'cdk8s-plus-28/lib/imports/k8s';
import { compose, InputError, MlflowChart, writeCharts } from '../../../lib';
import { command, contentsOf, ROOT, SMALLEST, temporaryFolder } from '../../support/support';
import { YAML } from '../../support/synth-setting';
import { app, QUIET } from './chart-setting';

/** Charts of files, and files of charts: the same bytes as the command. */

const failure = (act: () => unknown): Error => {
  try {
    act();
  } catch (error) {
    return error as Error;
  }
  throw new Error('nothing is wrong');
};

/** A folder with an environment. */
function environment(files: Readonly<Record<string, string>>): string {
  const folder = join(temporaryFolder(), 'environments', 'team');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return join(folder, 'environment.yaml');
}

const CONFIG_MAP = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: own\n';

describe('fromFile', () => {
  test.each(['homelab', 'production', 'quickstart'])('and writeCharts write what the command writes: %s', (name) => {
    const out = temporaryFolder();
    const file = join(ROOT, 'environments', name, 'environment.yaml');
    const changes = writeCharts(out, [MlflowChart.fromFile(app(), name, file, QUIET)]);
    expect(changes.every(({ action }) => action === 'create')).toBe(true);
    expect(contentsOf(join(out, name))).toEqual(contentsOf(join(ROOT, 'dist', name)));
  });

  test('reads the further objects of the folder, which patches apply to', () => {
    const patch = '{ kind: ConfigMap, name: own, operations: [{ op: add, path: /data, value: { a: b } }] }';
    const file = environment({ 'environment.yaml': `${YAML}patches: [${patch}]\n`, 'objects/own.yaml': CONFIG_MAP });
    const chart = MlflowChart.fromFile(app(), 'team', file);
    const own = compose(chart).files.find((each) => each.name === 'objects');
    expect(own?.objects).toEqual([expect.objectContaining({ data: { a: 'b' } })]);
    expect(chart.toJson()).toContainEqual(own?.objects[0]);
  });

  test('throws every issue of the files with its line, and its stack begins at the caller', () => {
    const file = environment({
      'environment.yaml': `${YAML}nmae: x\n`,
      'objects/own.yaml': `${CONFIG_MAP}dta: 1\nstatus: {}\n`,
    });
    const error = failure(() => MlflowChart.fromFile(app(), 'team', file));
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).lines).toEqual([
      expect.stringMatching(/environment\.yaml:6:1 nmae: .*did you mean name/),
      expect.stringMatching(/objects\/own\.yaml:6:1 status: /),
    ]);
    expect(error.stack?.split('\n').find((line) => line.startsWith('    at '))).toContain(__filename);
  });

  test('locates the violation of a rule in its file at the synth', () => {
    const file = environment({ 'environment.yaml': YAML, 'objects/own.yaml': `${CONFIG_MAP}dta: {}\n` });
    const parent = app();
    MlflowChart.fromFile(parent, 'team', file);
    expect(failure(() => parent.synth()).message).toMatch(/\[team\] .*objects\/own\.yaml:5:1 dta: /);
  });

  test('names a construct and a patch of the app by themselves, which are in no file', () => {
    const chart = MlflowChart.fromFile(app(), 'team', environment({ 'environment.yaml': YAML }));
    new KubeConfigMap(chart, 'np', { metadata: { name: 'own', namespace: 'kube-system' } });
    chart.server.deployment.addJsonPatch(JsonPatch.add('/spec/replica', 2));
    expect((failure(() => compose(chart)) as InputError).lines).toEqual([
      expect.stringMatching(/^\[team\] addJsonPatch\[0\].*spec\.replica/),
      expect.stringMatching(/^\[team\] np\.metadata\.namespace: |^\[team\] np: /),
    ]);
  });

  test('says how to seal what is missing', () => {
    const file = environment({ 'environment.yaml': `${YAML}secrets: { provider: sealed }\n` });
    cpSync(join(ROOT, 'environments/homelab/sealing-certificate.pem'), join(file, '../sealing-certificate.pem'));
    expect(failure(() => MlflowChart.fromFile(app(), 'team', file)).message).toMatch(
      /cdk8s-mlflow seal team .*--environments .*environments/,
    );
    const spaced = join(temporaryFolder(), 'of all', 'team');
    cpSync(join(file, '..'), spaced, { recursive: true });
    const said = failure(() => MlflowChart.fromFile(app(), 'team', join(spaced, 'environment.yaml'))).message;
    expect(said).toMatch(/--environments '[^']*of all'/);
  });
});

describe('compose', () => {
  test('puts what was added into one more file, and keeps the others', async () => {
    const file = environment({ 'environment.yaml': YAML });
    const out = temporaryFolder();
    await command('synth', 'team', '--environments', join(file, '../..'), '--out', out);
    const chart = MlflowChart.fromFile(app(), 'team', file);
    new KubeConfigMap(chart, 'own', { metadata: { name: 'own' }, data: { a: 'b' } });
    chart.server.deployment.addJsonPatch(JsonPatch.replace('/spec/revisionHistoryLimit', 2));
    const changes = writeCharts(out, [chart]);
    const changed = changes.filter(({ action }) => action !== 'keep');
    expect(changed.map(({ action, path }) => `${action} ${path}`)).toEqual([
      'update team/deployment.k8s.yaml',
      'create team/objects.k8s.yaml',
    ]);
    expect(changes.length).toBeGreaterThan(5);
    expect(writeCharts(out, [chart]).every(({ action }) => action === 'keep')).toBe(true);
  });

  test('throws every issue of every chart before anything is written', () => {
    const out = join(temporaryFolder(), 'dist');
    const parent = app();
    const charts = ['a', 'b'].map((name) => {
      const chart = new MlflowChart(parent, name, { ...SMALLEST, name, namespace: { name } });
      chart.server.deployment.addJsonPatch(JsonPatch.add('/spec/replica', 2));
      return chart;
    });
    const [first] = charts;
    expect((failure(() => writeCharts(out, charts)) as InputError).lines).toEqual([
      expect.stringMatching(/^\[a\] addJsonPatch\[0\].*spec\.replica/),
      expect.stringMatching(/^\[b\] addJsonPatch\[0\].*spec\.replica/),
    ]);
    expect(first && failure(() => compose(first)).message).toContain('spec.replica');
    expect(() => contentsOf(out)).toThrow('ENOENT');
  });

  test.each([
    ['of two apps', () => [app(), app()]],
    ['of two charts around them', () => ['a', 'b'].map((id, _, __, parent = app()) => new Chart(parent, id))],
    ['given twice', () => [app()]],
  ])('throws if charts share an id: %s', (_, parents) => {
    const out = join(temporaryFolder(), 'dist');
    const charts = parents().map((parent) => new MlflowChart(parent, 'm', SMALLEST));
    const given = charts.length === 1 ? [...charts, ...charts] : charts;
    const paths = given.map(({ node }) => `[${node.path}]`).join(', ');
    expect((failure(() => writeCharts(out, given)) as InputError).lines).toEqual([
      `${paths}: have the id m, so they would be written to one folder (give each chart an id of its own)`,
    ]);
    expect(() => contentsOf(out)).toThrow('ENOENT');
  });

  test.each([
    ['one chart', (chart: MlflowChart) => ['dist', chart], [/^charts: is not a list \(pass \[chart, …\]\)/]],
    ['arguments in the other order', (chart: MlflowChart) => [[chart], 'dist'], [/^folder: /, /^charts: /]],
    ['no folder', (chart: MlflowChart) => [undefined, [chart]], [/^folder: is not a path \(pass the output folder/]],
    ['an empty folder', (chart: MlflowChart) => ['', [chart]], [/^folder: /]],
    ['no chart', () => ['dist', [5, null]], [/^charts\[0\]: is not an MlflowChart/]],
    [
      'a chart whose id is no name of a folder',
      () => ['dist', [new MlflowChart(app(), 'My Chart', { ...SMALLEST, ...QUIET })]],
      [/^"My Chart": is not a valid chart id, which names a folder \(use lowercase letters/],
    ],
  ])('writeCharts refuses %s', (_, given, said) => {
    const chart = new MlflowChart(app(), 'mlflow', { ...SMALLEST, ...QUIET });
    const error = failure(() => writeCharts(...(given(chart) as Parameters<typeof writeCharts>)));
    expect(error).toBeInstanceOf(InputError);
    expect((error as InputError).lines).toEqual(said.map((each) => expect.stringMatching(each)));
  });

  test('says the reason of a rule once, however often it is violated', () => {
    const parent = app();
    const charts = ['a', 'b'].map((name) => {
      const chart = new MlflowChart(parent, name, { ...SMALLEST, ...QUIET, name, namespace: { name } });
      for (const id of ['x', 'y']) new KubeConfigMap(chart, id, { metadata: { name: id, namespace: 'other' } });
      return chart;
    });
    const reasons = (lines: readonly string[]) =>
      lines.map((line) => /\[rule right-namespaces(: .+)?\]$/.exec(line)?.[1]);
    const { lines } = failure(() => writeCharts(temporaryFolder(), charts)) as InputError;
    expect(reasons(lines)).toEqual([expect.stringContaining('namespace'), undefined, undefined, undefined]);
    expect(lines.every((line) => line.includes('[rule right-namespaces'))).toBe(true);
    const [first] = charts;
    const ofOne = first ? (failure(() => compose(first)) as InputError).lines : [];
    expect(reasons(ofOne)).toEqual([expect.stringContaining('namespace'), undefined]);
    const ofApp = failure(() => parent.synth())
      .message.split('\n')
      .slice(1);
    expect(reasons(ofApp)).toEqual([expect.anything(), undefined, expect.anything(), undefined]);
  });

  test('says what added objects open', () => {
    const chart = new MlflowChart(app(), 'mlflow', { ...SMALLEST, ...QUIET });
    expect(compose(chart).warnings).toEqual([]);
    chart.service.addJsonPatch(JsonPatch.replace('/spec/type', 'LoadBalancer'));
    expect(compose(chart).warnings).toEqual([expect.stringMatching(/^addJsonPatch\[0\]: .*open-network/)]);
  });

  test('hands over what added objects open when it writes them, once, and not if nothing is written', () => {
    const lines: string[] = [];
    const chart = new MlflowChart(app(), 'mlflow', { ...SMALLEST, warn: (line) => lines.push(line) });
    lines.length = 0;
    chart.service.addJsonPatch(JsonPatch.replace('/spec/type', 'LoadBalancer'));
    compose(chart);
    expect(failure(() => writeCharts(temporaryFolder(), [chart, chart])).message).toContain('id');
    expect(lines).toEqual([]);
    const out = temporaryFolder();
    for (const act of [() => writeCharts(out, [chart]), () => writeCharts(out, [chart]), () => chart.toJson()]) {
      act();
      expect(lines).toEqual([expect.stringMatching(/^addJsonPatch\[0\]: .*open-network/)]);
    }
  });
});
