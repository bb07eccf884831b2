import type { Browser, Response } from 'playwright-core';
import { Pages } from '../exposure/pages';
import { Provider } from './provider';
import type { Site } from './site';
import { HOST } from './surroundings';

/** A session cookie as a browser stores it. */
export interface StoredCookie {
  readonly name: string;
  readonly domain: string;
  readonly path: string;
  readonly secure: boolean;
  readonly httpOnly: boolean;
  readonly sameSite: string;
}

/** A person with a browser of their own, who is logged in nowhere at first. */
export class Person {
  private constructor(
    readonly subject: string,
    private readonly url: string,
    readonly pages: Pages,
  ) {}

  static async with(browser: Browser, site: Site, subject: string): Promise<Person> {
    return new Person(subject, site.url, await Pages.open(browser, site.url));
  }

  /** Opens a page of MLflow, and gives the last response: of MLflow, of its proxy, or of the provider. */
  async open(path = '/'): Promise<Response | undefined> {
    return (await this.pages.page.goto(this.url + path)) ?? undefined;
  }

  /** Loads the page again, as a person does when it does nothing any more. */
  async reload(): Promise<Response | undefined> {
    return (await this.pages.page.reload()) ?? undefined;
  }

  /** Whether the form of the provider is shown. */
  get isAsked(): boolean {
    return this.address.startsWith(`${Provider.url}/oauth2/authorize?`);
  }

  /** What the browser shows as its address. */
  get address(): string {
    return this.pages.page.url();
  }

  /** Fills in the form of the provider, and gives the response at the end of all redirects. */
  async logIn(): Promise<Response | undefined> {
    const { page } = this.pages;
    await page.locator('input[name=sub]').fill(this.subject);
    const answered = page.waitForResponse(
      (answer) =>
        answer.url().startsWith(this.url) && answer.request().isNavigationRequest() && answer.status() !== 302,
    );
    await page.getByRole('button', { name: 'Authorize' }).click();
    const answer = await answered;
    await page.waitForLoadState();
    return answer;
  }

  /** Opens MLflow and logs in. */
  async come(): Promise<Response | undefined> {
    await this.open();
    return this.logIn();
  }

  /** A request of the page: its status and its text. */
  fetch(path: string, json?: object): Promise<{ readonly status: number; readonly text: string }> {
    return this.pages.page.evaluate(
      async ([url, body]) => {
        const post = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body };
        const answer = await fetch(url, body ? post : {});
        return { status: answer.status, text: await answer.text() };
      },
      [path, json && JSON.stringify(json)] as const,
    );
  }

  /** The cookies of MLflow's host as the browser stores them. */
  async cookies(): Promise<readonly StoredCookie[]> {
    return (await this.pages.context.cookies(this.url)).filter(({ domain }) => domain === HOST);
  }

  /** The same as the browser sends them. */
  async session(): Promise<string> {
    const cookies = await this.pages.context.cookies(this.url);
    return cookies.map(({ name, value }) => `${name}=${value}`).join('; ');
  }
}
