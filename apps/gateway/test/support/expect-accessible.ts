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
  const findings = await page.evaluate(async (include) => {
    const { violations } = await (globalThis as unknown as { axe: typeof axe }).axe.run({
      include: include.map((selector) => [selector]),
    });
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => [id, ...nodes.map(({ target }) => target.join(' '))]);
  }, parts);
  expect(findings).toEqual([]);
}
