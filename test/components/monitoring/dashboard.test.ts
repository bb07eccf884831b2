import { type PanelRow, panelRows } from '../../../lib/components/monitoring/panels';
import { panelsOf } from '../../../lib/environment/contributions';
import type { EnvironmentInput } from '../../../lib/environment/model';
import type { Manifest } from '../../../lib/synth/manifest';
import { EMBEDDED } from '../../support/embedded-fixtures';
import { written } from '../../support/fixtures';
import { objectsOf, resolved, SMALLEST } from '../../support/support';

const ALL = { metrics: {}, serviceMonitor: {}, rules: {}, dashboard: {} } as const;

const monitored = (more: EnvironmentInput = {}): Manifest[] => objectsOf({ ...SMALLEST, monitoring: ALL, ...more });

describe('a dashboard', () => {
  interface Target {
    readonly expr: string;
    readonly refId: string;
    readonly datasource: { readonly uid: string };
  }
  interface Placed {
    readonly id: number;
    readonly type: string;
    readonly title: string;
    readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
    readonly targets?: readonly Target[];
    readonly interval?: string;
  }
  const dashboardOf = (objects: readonly Manifest[]) => {
    const map = objects.find(
      ({ kind: each, metadata }) => each === 'ConfigMap' && metadata.name.endsWith('-dashboard'),
    );
    const [[file = '', text = ''] = []] = Object.entries((map?.data ?? {}) as Record<string, string>);
    const data = JSON.parse(text) as {
      uid: string;
      panels: Placed[];
      templating: { list: { name: string; type: string }[] };
    };
    return { map, file, text, ...data };
  };
  const small = dashboardOf(monitored());
  const full = dashboardOf(objectsOf(written(EMBEDDED)));

  test('has what the sidecar finds it by, and a name of its own in the folder of all', () => {
    expect(small.map?.metadata.labels).toMatchObject({ grafana_dashboard: '1' });
    expect(small.file).toBe(`${small.uid}.json`);
    expect(small.uid.length).toBeLessThanOrEqual(40);
    expect(dashboardOf(monitored({ name: 'other' })).uid).not.toBe(small.uid);
    expect(full.map?.metadata).toMatchObject({ labels: { grafana: 'yes' }, annotations: { grafana_folder: 'MLflow' } });
  });

  test('asks the Prometheus that is chosen, in all panels', () => {
    expect(small.templating.list).toMatchObject([{ name: 'datasource', type: 'datasource' }]);
    for (const { targets = [] } of full.panels)
      for (const target of targets) expect(target.datasource.uid).toBe('$datasource');
  });

  test('is the same at every synth, has no brace that Flux replaces, and is far below the limit', () => {
    expect(dashboardOf(monitored()).text).toBe(small.text);
    expect(full.text).not.toContain('$' + '{');
    expect(Buffer.byteLength(full.text)).toBeLessThan(100_000);
  });

  test('has every panel once, at a position of its own', () => {
    expect(new Set(full.panels.map(({ id }) => id)).size).toBe(full.panels.length);
    const cells = full.panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)} ${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    for (const { gridPos } of full.panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  });

  test('shows every query of the panels', () => {
    const rows: PanelRow[] = panelRows(panelsOf(resolved({ ...SMALLEST, monitoring: ALL })));
    const wanted = rows.flatMap(({ panels }) => panels).flatMap(({ queries }) => queries.map(({ query }) => query));
    const shown = small.panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));
    expect(shown).toEqual(wanted);
    expect(shown.length).toBeGreaterThan(15);
  });

  test('is red from where alerts fire', () => {
    const bad = (monitoring: EnvironmentInput['monitoring']) =>
      panelRows(panelsOf(resolved({ ...SMALLEST, monitoring, backup: { destination: { claim: {} } } })))
        .flatMap(({ panels }) => panels)
        .flatMap((panel) => panel.bad ?? []);
    const thresholds = { errorPercent: 7, latencySeconds: 2, restartsPerHour: 4, backupHours: 50 };
    expect(bad({ metrics: {}, rules: { thresholds } })).toEqual([7, 2, 4, 50 * 3600]);
    expect(bad({ metrics: {} })).toEqual([5, 5, 3, 26 * 3600]);
  });

  test('takes no rate over less than there is between scrapes', () => {
    const { panels } = dashboardOf(monitored({ monitoring: { ...ALL, serviceMonitor: { interval: 90 } } }));
    const shown = panels.filter(({ targets }) => targets);
    expect(shown.length).toBeGreaterThan(10);
    for (const { interval } of shown) expect(interval).toBe('90s');
  });

  test('shows claims and backups where there are any', () => {
    const titles = (input: EnvironmentInput) =>
      panelsOf(resolved({ ...SMALLEST, monitoring: ALL, ...input })).map(({ title }) => title);
    expect(titles({})).not.toContain('Claims');
    expect(titles({ backup: { destination: { claim: {} } } })).toEqual(
      expect.arrayContaining(['Claims', 'Age of the last backup']),
    );
  });
});
