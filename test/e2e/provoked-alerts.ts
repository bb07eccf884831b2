import { SHORT_PAUSE, until } from './lab';
import type { ClusterPrometheus } from './prometheus';

/** Alerts that fire because a test makes what they are about happen. */
export class ProvokedAlerts {
  /** Those that were silent, were provoked, and fired. */
  readonly done = new Set<string>();

  constructor(
    private readonly prometheus: ClusterPrometheus,
    private readonly release: string,
  ) {}

  /** Whether an alert fires, about something that a word of its text names. */
  readonly fires = async (alert: string, word = '') =>
    (await this.prometheus.firing()).some(({ name, summary }) => name === alert && summary.includes(word));

  /** It is silent, something happens, it fires. */
  readonly provoked = async (
    alert: string,
    happens: () => Promise<unknown>,
    word = '',
    seconds = 120,
  ): Promise<void> => {
    await until(`${alert} is silent before`, 60, async () => !(await this.fires(alert, word)));
    const began = Date.now();
    await happens();
    const ended = Date.now();
    await until(`${alert} fires`, seconds, () => this.fires(alert, word), SHORT_PAUSE);
    const since = (then: number) => ((Date.now() - then) / 1000).toFixed(0);
    console.log(
      `${this.release}: ${alert} fires ${since(began)} s after its cause began, ${since(ended)} s after it was done`,
    );
    this.done.add(alert);
  };
}
