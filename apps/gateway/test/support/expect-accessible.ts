import { expect } from '@jest/globals';
import axe from 'axe-core';
import type { Page } from 'playwright-core';

/**
 * Expects that axe finds nothing serious.
 *
 * @param parts selectors of what is looked at; each must be there
 */
export async function expectAccessible(page: Page, parts: readonly string[]): Promise<void> {
  for (const part of parts) expect([part, await page.locator(part).count()]).not.toEqual([part, 0]);
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<axe.AxeResults>(
    `axe.run({ include: ${JSON.stringify(parts.map((part) => [part]))} })`,
  );
  const findings = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => [id, ...nodes.map(({ target }) => target.join(' '))]);
  expect(findings).toEqual([]);
}
