/** The groups in which alerts are evaluated together, in order. */
export const ALERT_GROUPS = ['mlflow-server', 'mlflow-stores', 'mlflow-jobs'] as const;

/** A condition to be notified of. */
export interface Alert {
  /** Its name, which is also that of its page in docs/alerts. */
  readonly name: string;
  /** The group of rules that it is evaluated in. */
  readonly group: (typeof ALERT_GROUPS)[number];
  readonly severity: 'critical' | 'warning';
  /** The query that has a result while the condition is true. */
  readonly query: string;
  /** Minutes for which it must be true. */
  readonly minutes: number;
  /** What is wrong, in one line. Prometheus fills in labels and value of the result. */
  readonly summary: string;
  /** The consequence or the cause. */
  readonly description: string;
}

/** A panel of a dashboard: what is queried, and how it is shown. */
export interface Panel {
  readonly title: string;
  /** What you should know when you look at it. */
  readonly description?: string;
  /** One number now, or lines over time. */
  readonly kind: 'number' | 'lines' | 'stacked';
  /** The unit, as Grafana names it. */
  readonly unit: string;
  readonly queries: readonly { readonly query: string; readonly legend: string }[];
  /** The number from which it is bad. */
  readonly bad?: number;
  /** The number below which it is bad. */
  readonly badBelow?: number;
}

/** The rows of the dashboard, in order. */
export const PANEL_ROWS = ['overview', 'requests', 'pods', 'stores'] as const;

/** A panel with the row that it belongs to. */
export interface PlacedPanel extends Panel {
  readonly row: (typeof PANEL_ROWS)[number];
}

/** The range that Grafana takes a rate over, for the resolution that is looked at. */
export const RATE_INTERVAL = '[$__rate_interval]';

/** A panel of the overview: one number. */
export const numberPanel = (title: string, unit: string, query: string, more: Partial<Panel> = {}): PlacedPanel => ({
  row: 'overview',
  title,
  unit,
  kind: 'number',
  queries: [{ query, legend: '' }],
  ...more,
});
