import { expect } from '@jest/globals';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Browser, BrowserContext, BrowserContextOptions, Page, Request } from 'playwright-core';

const SCREENSHOTS = fileURLToPath(new URL('../../test-output/screenshots/', import.meta.url));

// Programs of the browser are text here: this project's types know no document.

const REPORT_VIOLATIONS = `document.addEventListener('securitypolicyviolation', (violation) => {
  reportViolation('CSP ' + violation.violatedDirective + ' ' + violation.blockedURI);
})`;

/** All that the page keeps, shows or could leave behind. */
const EVERYTHING_KEPT = `indexedDB.databases().then((databases) => JSON.stringify([
  { ...localStorage },
  { ...sessionStorage },
  document.cookie,
  databases,
  location.href,
  history.state,
  document.documentElement.outerHTML,
  [...document.querySelectorAll('input, textarea, select')].map(({ value }) => value),
]))`;

/** Widths that people look at the page with. */
export const VIEWPORTS = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

/** A browser profile that looks at the documentation page, and remembers everything that must not happen. */
export class DocsVisit {
  readonly requests: Request[] = [];
  /** Console errors, uncaught exceptions and violations of the content security policy. */
  readonly faults: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly name: string,
  ) {}

  /**
   * Opens the page in a fresh profile.
   *
   * @param url where the gateway is
   * @param name starts the names of the screenshots
   */
  static async open(
    browser: Browser,
    url: string,
    name: string,
    options: BrowserContextOptions = {},
  ): Promise<DocsVisit> {
    const context = await browser.newContext({ viewport: VIEWPORTS.desktop, ...options });
    const visit = new DocsVisit(await context.newPage(), name);
    await visit.watch(context);
    await visit.page.goto(`${url}/docs`);
    await visit.page.waitForSelector('.execute');
    return visit;
  }

  /** In all tabs. */
  private async watch(context: BrowserContext): Promise<void> {
    const { requests, faults } = this;
    context.on('request', (request) => requests.push(request));
    context.on('weberror', (thrown) => faults.push(String(thrown.error())));
    context.on('console', (message) => {
      // The browser itself notes answers above 399 of the route, which a walk asks for.
      const expected = message.location().url.endsWith('/password/change');
      if (message.type() === 'error' && !expected) faults.push(message.text());
    });
    await context.exposeFunction('reportViolation', (violation: string) => faults.push(violation));
    await context.addInitScript(REPORT_VIOLATIONS);
  }

  /** Writes what is to be seen into a file where a person can look at it. */
  async screenshot(what: string, fullPage = false, page = this.page): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: `${SCREENSHOTS}${this.name}-${what}.png`, fullPage });
  }

  /** The status of the answer, once there is one to the latest "Execute". */
  async execute(): Promise<string> {
    const answered = this.page.waitForResponse((response) => response.url().endsWith('/password/change'));
    await this.page.click('.execute');
    await answered;
    await this.page.waitForSelector('.answer .note');
    await this.page.locator('.answer').scrollIntoViewIfNeeded();
    return (
      await this.page.locator('.live-responses-table td.response-col_status').last().innerText()
    ).trim();
  }

  /** Text of the note above the answer. */
  note(): Promise<string> {
    return this.page.locator('.answer .note').innerText();
  }

  /**
   * The page that the link of the note leads to; it opens in a tab of its own.
   *
   * @param follow how the link is followed; by a click unless given
   */
  async explanation(follow = () => this.page.click('.note a')): Promise<Page> {
    const opened = this.page.waitForEvent('popup');
    await follow();
    const page = await opened;
    await page.waitForSelector('h1');
    return page;
  }

  /** Expects that nothing went wrong in the browser and that every request went to this origin. */
  expectClean(origin: string): void {
    expect(this.faults).toEqual([]);
    const elsewhere = this.requests
      .map((request) => request.url())
      .filter((url) => new URL(url).origin !== origin);
    expect(elsewhere.filter((url) => !url.startsWith('data:'))).toEqual([]);
  }

  /** Expects that a secret is in no request, no storage, no HTML and no field of the page. */
  async expectAbsent(secret: string): Promise<void> {
    const sent = await Promise.all(
      this.requests.map(async (request) => [
        request.method(),
        request.url(),
        JSON.stringify(await request.allHeaders()),
        request.postData() ?? '',
      ]),
    );
    expect(sent.flat().some((part) => part.includes('AWS4-HMAC-SHA256'))).toBe(true);
    for (const spelling of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) {
      expect(sent.flat().filter((part) => part.includes(spelling))).toEqual([]);
      expect(await this.everythingKept()).not.toContain(spelling);
    }
  }

  private everythingKept(): Promise<string> {
    return this.page.evaluate<string>(EVERYTHING_KEPT);
  }
}
