import { PANEL_ROWS, type Panel, type PlacedPanel } from '../shared/contributions/observability';

/** Panels that belong together. */
export interface PanelRow {
  readonly title: string;
  readonly panels: readonly Panel[];
}

const TITLES: Readonly<Record<PlacedPanel['row'], string>> = {
  overview: 'Overview',
  requests: 'Requests',
  pods: 'Pods',
  stores: 'Stores',
};

/** The rows of a dashboard, from the panels that all components contribute. */
export const panelRows = (panels: readonly PlacedPanel[]): PanelRow[] =>
  PANEL_ROWS.map((row) => ({ title: TITLES[row], panels: panels.filter((panel) => panel.row === row) }));
