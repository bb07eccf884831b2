import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { Login } from './site';

/** What a page did that a person would notice, or that it must not do. */
export interface Trouble {
  readonly errors: readonly string[];
  /** Requests of the page to its own server that failed, or that got a status of 400 and above. */
  readonly failed: readonly string[];
}

/** MLflow's pages in a browser, at one address. */
export class Pages {
  private readonly errors: string[] = [];
  private readonly failed: string[] = [];

  private constructor(
    private readonly url: string,
    /** The cookies of the window, which it has for itself. */
    readonly context: BrowserContext,
    readonly page: Page,
  ) {
    page.on('pageerror', ({ message }) => this.errors.push(message));
    page.on('response', (answer) => {
      if (answer.status() >= 400) this.note(answer.url(), String(answer.status()));
    });
    page.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText ?? 'failed';
      // Of a page that was left before it was complete.
      if (reason !== 'net::ERR_ABORTED') this.note(request.url(), reason);
    });
  }

  /**
   * Opens a window.
   *
   * @param url address of the page, without a slash at its end
   * @param login with which it logs in as the browser's own dialogue does @default it cannot
   */
  static async open(browser: Browser, url: string, login?: Login): Promise<Pages> {
    const context = await browser.newContext(
      login && { httpCredentials: { username: login.user, password: login.password } },
    );
    // On a busy machine.
    context.setDefaultTimeout(120_000);
    return new Pages(url, context, await context.newPage());
  }

  /** Closes the window. */
  close(): Promise<void> {
    return this.context.close();
  }

  /** What went wrong until now. */
  get trouble(): Trouble {
    return { errors: this.errors, failed: this.failed };
  }

  /** Goes to a page, and waits for a text in it. */
  async show(hash: string, text: string): Promise<void> {
    await this.page.goto(`${this.url}/#${hash}`);
    // A new hash alone loads nothing again.
    await this.page.reload();
    await this.page.getByText(text, { exact: true }).first().waitFor();
  }

  /**
   * Searches the runs that are shown, as a person does: types a condition and waits for the answer to the page's POST.
   *
   * @returns its status, the Origin that the browser named, and how many runs were found
   */
  async search(condition: string): Promise<{ status: number; origin?: string; found: number }> {
    const answered = this.page.waitForResponse(
      (answer) =>
        answer.url().endsWith('/ajax-api/2.0/mlflow/runs/search') &&
        (answer.request().postData() ?? '').includes(condition),
    );
    const box = this.page.locator('input[placeholder^="metrics.rmse"]').first();
    await box.fill(condition);
    await box.press('Enter');
    const answer = await answered;
    const { runs = [] } = (await answer.json()) as { runs?: readonly unknown[] };
    const { origin } = await answer.request().allHeaders();
    return { status: answer.status(), origin, found: runs.length };
  }

  /** How many points the charts of the page show, as soon as there is one. */
  async points(): Promise<number> {
    const points = this.page.locator('.js-plotly-plot .scatterlayer .point');
    await points.first().waitFor();
    return points.count();
  }

  /** Saves what is seen. */
  async screenshot(file: string): Promise<void> {
    await this.page.screenshot({ path: file });
  }

  private note(url: string, what: string): void {
    if (url.startsWith(this.url)) this.failed.push(`${what} ${url.slice(this.url.length)}`);
  }
}
