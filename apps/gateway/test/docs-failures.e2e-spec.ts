import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';

import { describeWithChromium, launchChromium } from './support/chromium.js';
import { type DemoStack, startDemoStack } from './support/demo-stack.js';
import { DocsVisit } from './support/docs-visit.js';

const TIMEOUT_MS = 60_000;

describeWithChromium('the documentation page, when something fails', () => {
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

  it(
    'says that nobody can tell what became of the password when no answer comes',
    async () => {
      const visit = await DocsVisit.open(browser, stack.url, 'no-answer');
      await visit.page.click('#demo-cognito');
      await visit.page.waitForSelector('.execute:focus');
      await visit.page.route('**/password/change', (route) => route.abort());
      await visit.page.keyboard.press('Enter');
      await visit.page.waitForSelector('.answer .note');
      await visit.page.locator('.answer').scrollIntoViewIfNeeded();
      await visit.screenshot('note');
      expect(await visit.note()).toMatch(/No answer came.*Nobody can tell.*Sign in with the new password/s);
    },
    TIMEOUT_MS,
  );

  it.each(['docs/settings.json', 'openapi.json'])(
    'says that it cannot start without %s',
    async (file) => {
      const page = await browser.newPage();
      await page.route(`${stack.url}/${file}`, (route) => route.abort());
      await page.goto(`${stack.url}/docs`);
      await page.waitForSelector('main [role=alert]');
      expect(await page.locator('main').innerText()).toMatch(/did not answer.*load this page again/);
    },
    TIMEOUT_MS,
  );

  it(
    'says what can be read without scripts',
    async () => {
      const page = await browser.newPage({ javaScriptEnabled: false });
      await page.goto(`${stack.url}/docs`);
      expect(await page.locator('main').innerText()).toMatch(/needs JavaScript.*OpenAPI.*Problems/s);
    },
    TIMEOUT_MS,
  );

  it(
    'says when there is no demo user, and still which credential it holds',
    async () => {
      const { page, ...visit } = await DocsVisit.open(browser, stack.url, 'no-demo-user');
      expect(visit.faults).toEqual([]);
      await page.click('#demo-iam');
      await page.waitForSelector('.execute:focus');
      await page.route('**/docs/sandbox/cognito', (route) => route.fulfill({ status: 502, body: 'away' }));
      await page.click('#demo-cognito');
      await page.waitForSelector('#sandbox-status:visible');
      expect(await page.locator('#sandbox-status').innerText()).toContain('npm start');
      expect(await page.locator('#identity-status').innerText()).toContain(stack.demo.accessKeyId);
      await page.click('#demo-iam');
      await page.waitForSelector('#sandbox-status', { state: 'hidden' });
    },
    TIMEOUT_MS,
  );

  it(
    "sends no credential with a body in one of AWS's own dialects",
    async () => {
      const visit = await DocsVisit.open(browser, stack.url, 'native');
      const { page } = visit;
      await page.click('#demo-iam');
      await page.waitForSelector('.execute:focus');
      await page.selectOption('.opblock-section-request-body select', 'application/x-www-form-urlencoded');
      for (const [index, password] of ['Battery-Staple-1', 'Another-Staple-2'].entries()) {
        await page.locator('.opblock-section-request-body input[type=password]').nth(index).fill(password);
      }
      await page.click('.execute');
      await page.waitForSelector('.answer .curl-command');
      const change = visit.requests.find((request) => request.url().endsWith('/password/change'));
      expect(change?.postData()).toContain('OldPassword=Battery-Staple-1');
      const headers = await change?.allHeaders();
      expect(headers).not.toHaveProperty('authorization');
      expect(headers).not.toHaveProperty('x-amz-date');
    },
    TIMEOUT_MS,
  );
});
