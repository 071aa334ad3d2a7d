import { describe, it } from '@jest/globals';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { env } from 'node:process';
import { type Browser, chromium } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

const executable = (env['PATH'] ?? '')
  .split(delimiter)
  .flatMap((folder) => NAMES.map((name) => join(folder, name)))
  .find(isExecutable);

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Tests in a real browser; without one they are left out, visibly, and in CI that is a failure. */
export function describeWithChromium(name: string, tests: () => void): void {
  if (executable !== undefined) {
    describe(name, tests);
  } else if (env['CI'] === 'true') {
    it(`${name}: Chromium must be installed where CI is true`, () => {
      throw new Error(`None of ${NAMES.join(', ')} is installed: ${name} was not checked.`);
    });
  } else {
    it.skip(`${name}: NOT CHECKED, Chromium is not installed`, () => undefined);
  }
}

/**
 * Starts Chromium without a window and with a fresh profile.
 *
 * @param options beyond those that keep it from calling home
 */
export function launchChromium(options: readonly string[] = []): Promise<Browser> {
  if (executable === undefined) throw new Error('Chromium is not installed');
  return chromium.launch({
    executablePath: executable,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      ...options,
    ],
  });
}
