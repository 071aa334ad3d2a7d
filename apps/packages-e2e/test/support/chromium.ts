import { it } from '@jest/globals';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';
import { type BrowserContext, chromium } from 'playwright-core';

const BINARY = 'chromium';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const executablePath = (env['PATH'] ?? '')
  .split(delimiter)
  .map((folder) => join(folder, BINARY))
  .find((path) => existsSync(path));

/** A test in a real Chromium; without the binary it is left out, visibly, and in CI that is a failure. */
export function itWithChromium(
  name: string,
  test: (launch: (userDataDirectory: string) => Promise<BrowserContext>) => Promise<void>,
): void {
  if (executablePath !== undefined) {
    const launch = (userDataDirectory: string) =>
      chromium.launchPersistentContext(userDataDirectory, { executablePath, args: FLAGS });
    it(name, () => test(launch));
  } else if (env['CI'] === 'true') {
    it(`${name}: ${BINARY} must be installed where CI is true`, () => {
      throw new Error(`${BINARY} is not installed: ${name} was not checked.`);
    });
  } else {
    it.skip(`${name}: NOT CHECKED, ${BINARY} is not installed`, () => undefined);
  }
}
