import {
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardBuilder,
  DatasourceVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import * as stat from '@grafana/grafana-foundation-sdk/stat';
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries';
import { sortKeysDeep } from '../../kubernetes/sort-keys';
import type { Panel } from '../shared/contributions/observability';
import type { PanelRow } from './panels';

/** Names of a dashboard, and its scrape interval. */
export interface DashboardNames {
  readonly title: string;
  /** Its identity in Grafana, independent of the title; at most 40 characters. */
  readonly uid: string;
  /** Seconds between two scrapes: Grafana computes rates over at least four of them. */
  readonly interval: number;
}

/** The variable for the Prometheus data source. Without braces, which Flux would substitute. */
const SOURCE = { type: 'prometheus', uid: '$datasource' };

/** Columns of a dashboard, and the height of a panel of each kind in rows. */
const COLUMNS = 24;
const HEIGHT = { number: 4, lines: 8, stacked: 8 } as const;

/**
 * The text of a dashboard as Grafana's sidecar reads it. Only this file loads Grafana's library, which takes longer
 * than a synth, so it is loaded only if there is a dashboard.
 */
export function dashboardText({ title, uid, interval }: DashboardNames, rows: readonly PanelRow[]): string {
  const builder = new DashboardBuilder(title)
    .uid(uid)
    .tags(['mlflow'])
    .readonly()
    .time({ from: 'now-6h', to: 'now' })
    .refresh('1m')
    .timezone('browser')
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'));
  let [id, top] = [0, 0];
  for (const row of rows) {
    const width = widthOf(row);
    const height = Math.max(...row.panels.map(({ kind }) => HEIGHT[kind]));
    builder.withRow(new RowBuilder(row.title).id(++id).gridPos({ h: 1, w: COLUMNS, x: 0, y: top }));
    top += 1;
    row.panels.forEach((panel, index) => {
      const perLine = Math.floor(COLUMNS / width);
      const gridPos = {
        h: height,
        w: width,
        x: (index % perLine) * width,
        y: top + Math.floor(index / perLine) * height,
      };
      builder.withPanel(panelBuilder(panel).interval(`${interval}s`).id(++id).gridPos(gridPos));
    });
    top += height * Math.ceil((row.panels.length * width) / COLUMNS);
  }
  return `${JSON.stringify(sortKeysDeep(builder.build()), undefined, 2)}\n`;
}

/** All numbers are in one line, graphs in lines of three. */
function widthOf({ panels }: PanelRow): number {
  return panels[0]?.kind === 'number' ? Math.floor(COLUMNS / panels.length) : COLUMNS / 3;
}

function panelBuilder(panel: Panel) {
  const builder =
    panel.kind === 'number'
      ? new stat.PanelBuilder()
          .thresholds(thresholds(panel))
          .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
      : new timeseries.PanelBuilder()
          .min(0)
          .fillOpacity(panel.kind === 'stacked' ? 30 : 0)
          .stacking(
            new StackingConfigBuilder().mode(panel.kind === 'stacked' ? StackingMode.Normal : StackingMode.None),
          )
          .legend(new VizLegendOptionsBuilder().showLegend(true).calcs(['lastNotNull', 'max']));
  builder.title(panel.title).datasource(SOURCE).unit(panel.unit);
  if (panel.description) builder.description(panel.description);
  panel.queries.forEach(({ query, legend }, index) => {
    const target = new DataqueryBuilder()
      .refId(String.fromCharCode(65 + index))
      .datasource(SOURCE)
      .expr(query);
    builder.withTarget(panel.kind === 'number' ? target.instant() : target.range().legendFormat(legend));
  });
  return builder;
}

/** Green, and red if it is bad. */
function thresholds({ bad, badBelow }: Panel): ThresholdsConfigBuilder {
  const [below, from] = badBelow === undefined ? ['green', 'red'] : ['red', 'green'];
  const limit = badBelow ?? bad;
  const steps = [{ value: null, color: below }, ...(limit === undefined ? [] : [{ value: limit, color: from }])];
  return new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps);
}
