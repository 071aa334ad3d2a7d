import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';

import { describeWithChromium, launchChromium } from './support/chromium.js';
import { type DemoStack, startDemoStack } from './support/demo-stack.js';
import { DocsVisit, VIEWPORTS } from './support/docs-visit.js';
import { expectAccessible } from './support/expect-accessible.js';
import { nextSecond } from './support/next-second.js';

const TIMEOUT_MS = 60_000;

/** What of the documentation page is the page's own. */
const OWN_PARTS = ['.masthead', '.identity', '.samples', '.answer .note'];

describeWithChromium('the documentation page', () => {
  let stack: DemoStack;
  let browser: Browser;

  beforeAll(async () => {
    stack = await startDemoStack();
    browser = await launchChromium();
  }, TIMEOUT_MS);

  afterEach(async () => {
    for (const context of browser.contexts()) await context.close();
  });

  afterAll(async () => {
    await browser.close();
    await stack.close();
  });

  it.each(['desktop', 'phone'] as const)(
    'changes the password of the demo Cognito user in two clicks, and explains the second try (%s)',
    async (width) => {
      const { demo, sandbox, url } = stack;
      const visit = await DocsVisit.open(browser, url, width, { viewport: VIEWPORTS[width] });
      await visit.screenshot('page', true);
      await visit.page.click('#demo-cognito');
      await visit.page.waitForSelector('.execute:focus');
      await visit.screenshot('cognito-ready');
      expect(await visit.execute()).toBe('200');
      await visit.screenshot('cognito-changed');
      expect(await visit.note()).toContain('The password is changed');
      expect(sandbox.cognito.passwordMatches(demo.poolId, demo.username, 'Another-Horse-2')).toBe(true);

      expect(await visit.execute()).toBe('409');
      await visit.screenshot('cognito-problem');
      await expectAccessible(visit.page, OWN_PARTS);
      const explanation = await visit.explanation();
      expect(await explanation.locator('h1').innerText()).toBe(
        'The outcome of an earlier attempt is unknown',
      );
      expect(new URL(explanation.url()).pathname).toBe('/problems/outcome_unresolved');
      await visit.screenshot('problem-page', true, explanation);
      await expectAccessible(explanation, ['html']);
      visit.expectClean(url);
    },
    TIMEOUT_MS,
  );

  it.each(['desktop', 'phone'] as const)(
    'signs for an IAM user whose keys are typed in, and keeps the secret key (%s)',
    async (width) => {
      const { demo, sandbox, url } = stack;
      const visit = await DocsVisit.open(browser, url, width, { viewport: VIEWPORTS[width] });
      const { page } = visit;
      await page.click('#demo-iam');
      await page.waitForSelector('#forget:visible');
      await page.click('#forget');
      await page.click('#open-authorize');
      await page.fill('#access-key-id', demo.accessKeyId);
      await page.fill('#secret-access-key', demo.secretAccessKey);
      await visit.screenshot('authorize');
      await expectAccessible(page, ['#authorize']);
      await page.click('text=Use these keys');
      await nextSecond();
      expect(await visit.execute()).toBe('200');
      await visit.screenshot('iam-changed');
      expect(sandbox.iam.passwordMatches(demo.iamUserName, 'Another-Staple-2')).toBe(true);
      const curl = await page.locator('.curl-command').innerText();
      expect(curl).toContain('X-Amz-Date');
      expect(curl).toContain(`Credential=${demo.accessKeyId}/`);

      await nextSecond();
      expect(await visit.execute()).toBe('409');
      await visit.screenshot('iam-problem');
      await visit.expectAbsent(demo.secretAccessKey);
      const explanation = await visit.explanation();
      expect(await explanation.locator('h1').innerText()).toBe(
        'The outcome of an earlier attempt is unknown',
      );
      // The page is still there, and the keys need not be typed in again.
      expect(await page.locator('#identity-status').innerText()).toContain(demo.accessKeyId);
      visit.expectClean(url);
    },
    TIMEOUT_MS,
  );

  it(
    'signs for temporary keys, too',
    async () => {
      const { demo, sandbox, url } = stack;
      const visit = await DocsVisit.open(browser, url, 'session');
      const { page } = visit;
      sandbox.iam.updateUser(demo.iamUserName, { password: demo.iamPassword });
      const session = sandbox.iam.createSession(demo.iamUserName);
      await page.click('#open-authorize');
      await page.fill('#access-key-id', session.accessKeyId);
      await page.fill('#secret-access-key', session.secretAccessKey);
      await page.fill('#session-token', session.sessionToken);
      await page.keyboard.press('Enter');
      await page.fill('textarea', passwords(demo.iamPassword, 'New-Staple-3'));
      expect(await visit.execute()).toBe('200');
      expect(sandbox.iam.passwordMatches(demo.iamUserName, 'New-Staple-3')).toBe(true);
      await visit.expectAbsent(session.secretAccessKey);
      visit.expectClean(url);
    },
    TIMEOUT_MS,
  );

  it(
    'sends one credential: the one that came last',
    async () => {
      const visit = await DocsVisit.open(browser, stack.url, 'last');
      const { page } = visit;
      await page.click('#demo-iam');
      await page.waitForSelector('.execute:focus');
      await page.click('#demo-cognito');
      await page.waitForSelector('#identity-status:has-text("by access token")');
      expect(await visit.execute()).toBe('200');
      const change = visit.requests.find((request) => request.url().endsWith('/password/change'));
      const headers = await change?.allHeaders();
      expect(headers?.['authorization']).toMatch(/^Bearer /);
      expect(headers).not.toHaveProperty('x-amz-date');
      visit.expectClean(stack.url);
    },
    TIMEOUT_MS,
  );

  it(
    'tells a person whose clock is wrong that it is',
    async () => {
      const visit = await DocsVisit.open(browser, stack.url, 'clock');
      await visit.page.clock.setFixedTime(Date.now() - 20 * 60_000);
      await visit.page.click('#demo-iam');
      await visit.page.waitForSelector('.execute:focus');
      expect(await visit.execute()).toBe('401');
      expect(await visit.note()).toMatch(/clock of this computer is 20 minutes behind/);
    },
    TIMEOUT_MS,
  );

  it(
    'can be walked with the keyboard alone',
    async () => {
      const { demo, sandbox, url } = stack;
      sandbox.iam.updateUser(demo.iamUserName, { password: demo.iamPassword });
      const visit = await DocsVisit.open(browser, url, 'keyboard');
      const { page } = visit;
      const tabTo = async (selector: string): Promise<void> => {
        for (let presses = 0; presses < 60; presses += 1) {
          await page.keyboard.press('Tab');
          if ((await page.locator(`${selector}:focus`).count()) > 0) return;
        }
        throw new Error(`Tab does not reach ${selector}`);
      };
      await tabTo('#open-authorize');
      await page.keyboard.press('Enter');
      await tabTo('#access-key-id');
      await page.keyboard.type(demo.accessKeyId);
      await tabTo('#secret-access-key');
      await page.keyboard.type(demo.secretAccessKey);
      await page.keyboard.press('Enter');
      await page.waitForSelector('#authorize', { state: 'hidden' });
      expect(await page.locator('#open-authorize:focus').count()).toBe(1);
      await tabTo('textarea');
      await page.keyboard.press('Control+A');
      await page.keyboard.type(passwords(demo.iamPassword, 'Keyboard-Staple-4'));
      await tabTo('.execute');
      await nextSecond();
      await page.keyboard.press('Enter');
      await page.waitForSelector('.note.changed');
      expect(sandbox.iam.passwordMatches(demo.iamUserName, 'Keyboard-Staple-4')).toBe(true);

      await nextSecond();
      await page.keyboard.press('Enter');
      await page.waitForSelector('.note:not(.changed)');
      await tabTo('.note a');
      await visit.screenshot('problem-link');
      await tabTo('.samples [role=tab]');
      await page.keyboard.press('End');
      expect(await page.locator('.samples [role=tab][aria-selected=true]').innerText()).toBe('Swift');
      await page.keyboard.press('ArrowRight');
      expect(await page.locator('.samples [role=tabpanel]:visible code').first().innerText()).toContain(
        'curl',
      );
      await page.locator('.note a').focus();
      const explanation = await visit.explanation(() => page.keyboard.press('Enter'));
      expect(new URL(explanation.url()).pathname).toBe('/problems/outcome_unresolved');
      visit.expectClean(url);
    },
    TIMEOUT_MS,
  );

  it(
    'shows the samples of the document, and copies them as they are',
    async () => {
      const visit = await DocsVisit.open(browser, stack.url, 'samples', {
        permissions: ['clipboard-read', 'clipboard-write'],
      });
      const { page } = visit;
      for (const language of ['Shell', 'JavaScript', 'TypeScript', 'Python', 'Java', 'Swift']) {
        await page.click(`.samples [role=tab]:text-is("${language}")`);
        const shown = await page.locator('.samples [role=tabpanel]:visible pre').allInnerTexts();
        expect(shown).toHaveLength(2);
        await page.locator('.samples [role=tabpanel]:visible .copy').last().click();
        await page.waitForSelector('.samples [role=tabpanel]:visible .copy:text-is("Copied")');
        expect(await page.evaluate('navigator.clipboard.readText()')).toBe(shown[1]);
      }
      visit.expectClean(stack.url);
    },
    TIMEOUT_MS,
  );

  it.each(['desktop', 'phone'] as const)(
    'has no table with a column that is too narrow to read (%s)',
    async (width) => {
      const { page } = await DocsVisit.open(browser, stack.url, 'tables', { viewport: VIEWPORTS[width] });
      await page.selectOption('.opblock-section-request-body select', 'application/x-www-form-urlencoded');
      await page.waitForSelector('.opblock-section-request-body .parameter__name');
      const widths = `[...document.querySelectorAll('.opblock-description th, .parameter__name')].map(
        (cell) => [cell.textContent, cell.offsetWidth])`;
      const cells = await page.evaluate<(readonly [string, number])[]>(widths);
      expect(cells.length).toBeGreaterThan(9);
      expect(cells.filter(([text, pixels]) => pixels < text.trim().length * 6 || pixels < 80)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    "shows none of Swagger UI's locks and ways out, and has names for what is filled in",
    async () => {
      const { page } = await DocsVisit.open(browser, stack.url, 'names');
      await page.click('#demo-cognito');
      await page.waitForSelector('.execute:focus');
      expect(await page.getByLabel('authorization button').count()).toBe(0);
      for (const name of ['Cancel', 'Reset', 'Try it out']) {
        expect(await page.getByRole('button', { name }).count()).toBe(0);
      }
      expect(await page.getByRole('textbox', { name: 'Request body' }).inputValue()).toContain(
        'Correct-Horse-1',
      );
    },
    TIMEOUT_MS,
  );

  it(
    'goes back to the documented body when a demo user is taken',
    async () => {
      const visit = await DocsVisit.open(browser, stack.url, 'body');
      const { page } = visit;
      await page.selectOption('.opblock-section-request-body select', 'application/x-www-form-urlencoded');
      await page.click('#demo-cognito');
      await page.waitForSelector('.execute:focus');
      expect(await visit.execute()).toBe('200');
    },
    TIMEOUT_MS,
  );

  it(
    'takes neither a document nor settings from its address',
    async () => {
      const elsewhere = encodeURIComponent('http://127.0.0.1:9/openapi.json');
      const page = await browser.newPage();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(`${stack.url}/docs?url=${elsewhere}&configUrl=${elsewhere}&urls=${elsewhere}`);
      await page.waitForSelector('.execute');
      const other = asked.slice(1).filter((address) => address.includes('127.0.0.1:9/'));
      expect(other).toEqual([]);
      expect(await page.locator('.opblock-summary-path').innerText()).toContain('change');
    },
    TIMEOUT_MS,
  );
});

function passwords(currentPassword: string, newPassword: string): string {
  return JSON.stringify({ currentPassword, newPassword });
}
