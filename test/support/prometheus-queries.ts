/** A series with its value now. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: number;
}

/** An alert that fires. */
export interface FiringAlert {
  readonly name: string;
  readonly summary: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** What is scraped, with the error if it cannot be. */
export interface Target {
  readonly labels: Readonly<Record<string, string>>;
  readonly error: string;
}

/** What tests ask of a running Prometheus by its HTTP API. */
export abstract class PrometheusQueries {
  /** The answer to a GET of a path, as text. */
  protected abstract get(path: string): Promise<string>;

  /** The outcome of a query now. */
  async query(query: string): Promise<Sample[]> {
    const path = `/api/v1/query?query=${encodeURIComponent(query)}`;
    const { result } = await this.data<{ result: { metric: Record<string, string>; value: [number, string] }[] }>(path);
    return result.map(({ metric, value }) => ({ metric, value: Number(value[1]) }));
  }

  /** The alerts that fire. */
  async firing(): Promise<FiringAlert[]> {
    interface Found {
      alerts: { state: string; labels: Record<string, string>; annotations: Record<string, string> }[];
    }
    const { alerts } = await this.data<Found>('/api/v1/alerts');
    return alerts
      .filter(({ state }) => state === 'firing')
      .map(({ labels, annotations }) => ({
        name: labels.alertname ?? '',
        summary: annotations.summary ?? '',
        labels,
      }));
  }

  async targets(): Promise<Target[]> {
    interface Found {
      activeTargets: { labels: Record<string, string>; lastError: string; health: string }[];
    }
    const { activeTargets } = await this.data<Found>('/api/v1/targets?state=active');
    return activeTargets.map(({ labels, lastError, health }) => ({
      labels,
      error: health === 'up' ? '' : lastError || health,
    }));
  }

  /** The queries that have no result, or no number for one. A rate is taken over so long. */
  async empty(queries: readonly string[], rate: string): Promise<string[]> {
    const found: string[] = [];
    for (const query of queries) {
      const samples = await this.query(query.replaceAll('$__rate_interval', rate));
      if (samples.every(({ value }) => Number.isNaN(value))) found.push(query);
    }
    return found;
  }

  private async data<T>(path: string): Promise<T> {
    return (JSON.parse(await this.get(path)) as { data: T }).data;
  }
}
