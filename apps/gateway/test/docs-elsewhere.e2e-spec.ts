import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Browser } from 'playwright-core';

import { describeWithChromium, launchChromium } from './support/chromium.js';
import { startDemoStack } from './support/demo-stack.js';
import { DocsVisit } from './support/docs-visit.js';
import { startTlsProxy } from './support/tls-proxy.js';

const TIMEOUT_MS = 60_000;

/** A name that the browser takes for this machine, and for no place that is safe to sign in. */
const PLAIN_HOST = 'gateway.test';

describeWithChromium('the documentation page, seen from elsewhere', () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await launchChromium([`--host-resolver-rules=MAP ${PLAIN_HOST} 127.0.0.1`]);
  }, TIMEOUT_MS);

  afterAll(() => browser.close());

  it(
    'works behind a TLS proxy that adds a path prefix, as PUBLIC_URL says',
    async () => {
      const proxy = await startTlsProxy('/api');
      const stack = await startDemoStack(0, { PUBLIC_URL: proxy.url });
      proxy.target = stack.url;
      try {
        const visit = await DocsVisit.open(browser, proxy.url, 'proxy', { ignoreHTTPSErrors: true });
        await visit.page.click('#demo-iam');
        await visit.page.waitForSelector('.execute:focus');
        expect(await visit.execute()).toBe('200');
        const sample = await visit.page.locator('.sample pre').first().innerText();
        expect(sample).toContain(`${proxy.url}/password/change`);
        await visit.page.fill('textarea', '{}');
        expect(await visit.execute()).toBe('422');
        const explanation = await visit.explanation();
        expect(explanation.url()).toBe(`${proxy.url}/problems/request_invalid`);
        await explanation.click('text=All problems');
        expect(await explanation.locator('h1').innerText()).toBe('Problems');
        expect(explanation.url()).toBe(`${proxy.url}/problems`);
        visit.expectClean(new URL(proxy.url).origin);
        const paths = visit.requests.map((request) => new URL(request.url()).pathname);
        expect(paths.filter((path) => !path.startsWith('/api/'))).toEqual([]);
      } finally {
        await stack.close();
        await proxy.close();
      }
    },
    TIMEOUT_MS,
  );

  it(
    'finds the explanation of a problem there also without PUBLIC_URL',
    async () => {
      const proxy = await startTlsProxy('/api');
      const stack = await startDemoStack();
      proxy.target = stack.url;
      try {
        const visit = await DocsVisit.open(browser, proxy.url, 'prefix', { ignoreHTTPSErrors: true });
        expect(await visit.execute()).toBe('401');
        const explanation = await visit.explanation();
        expect(await explanation.locator('h1').innerText()).toBe('No credential was sent');
      } finally {
        await stack.close();
        await proxy.close();
      }
    },
    TIMEOUT_MS,
  );

  it(
    'says over plain http that it cannot sign there, and still takes access tokens',
    async () => {
      const stack = await startDemoStack();
      try {
        const { port } = new URL(stack.url);
        const visit = await DocsVisit.open(browser, `http://${PLAIN_HOST}:${port}`, 'insecure');
        const { page } = visit;
        await page.click('#open-authorize');
        await visit.screenshot('authorize');
        expect(await page.locator('#insecure-context').innerText()).toMatch(/https or on localhost/);
        expect(await page.locator('#secret-access-key').isDisabled()).toBe(true);
        await page.keyboard.press('Escape');
        expect(await page.locator('#demo-iam').isDisabled()).toBe(true);
        await page.click('#demo-cognito');
        await page.waitForSelector('.execute:focus');
        expect(await visit.execute()).toBe('200');
      } finally {
        await stack.close();
      }
    },
    TIMEOUT_MS,
  );

  it(
    'offers the partitions that may be called, and no provider that is off',
    async () => {
      const stack = await startDemoStack(0, { IAM_PARTITIONS: 'aws,aws-cn' });
      const iamOff = await startDemoStack(0, { IAM_PARTITIONS: '' });
      try {
        const { page } = await DocsVisit.open(browser, stack.url, 'partitions');
        await page.click('#open-authorize');
        expect(await page.locator('#partition option').allInnerTexts()).toEqual(['aws', 'aws-cn']);
        const { page: other } = await DocsVisit.open(browser, iamOff.url, 'iam-off');
        await other.click('#open-authorize');
        expect(await other.locator('#iam-form').isVisible()).toBe(false);
        expect(await other.locator('#demo-iam').isVisible()).toBe(false);
        expect(await other.locator('#cognito-form').isVisible()).toBe(true);
      } finally {
        await stack.close();
        await iamOff.close();
      }
    },
    TIMEOUT_MS,
  );
});
