import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { join } from 'node:path';

import { itWithChromium } from './support/chromium.js';
import { Consumer } from './support/consumer.js';
import { packLibraries } from './support/pack.js';
import { makeScratch, removeScratch } from './support/scratch.js';
import { Service } from './support/service.js';

/** What `service.js` announces. */
interface Announcement {
  readonly url: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly iamPassword: string;
}

/** What `page.js` adds to the page. */
interface Page {
  changePassword(credentials: object, passwords: object): Promise<unknown>;
}

let parent: string;
let project: Consumer;

beforeAll(async () => {
  parent = await makeScratch();
  project = await Consumer.install('browser', { parent, packed: await packLibraries(parent) });
});

afterAll(() => removeScratch(parent));

/** Bundles for a browser, without any stand-in for Node: an import of a Node module is an error. */
async function bundle(contents: string): Promise<{ code: string; files: string[] }> {
  const { outputFiles, metafile } = await build({
    stdin: { contents, resolveDir: project.directory },
    absWorkingDir: project.directory,
    bundle: true,
    platform: 'browser',
    format: 'esm',
    minify: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const [output] = Object.values(metafile.outputs);
  const used = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return { code: outputFiles[0]?.text ?? '', files: used.map(([path]) => path) };
}

describe('a bundle for browsers', () => {
  const SIGNERS = ['@password-gateway/provider-iam/signer', '@password-gateway/provider-iam'];

  it.each(SIGNERS)('holds the signer of %s without the SDK client', async (entry) => {
    const { files } = await bundle(`export { signIamPasswordChange } from '${entry}';`);
    expect(files).toContain('node_modules/@password-gateway/provider-iam/dist/signer.js');
    expect(files.filter((file) => file.includes('@aws-sdk/'))).toEqual([]);
    expect(files).not.toContain('node_modules/@password-gateway/provider-iam/dist/iam-password-provider.js');
  });

  it.each([
    ['validators', 'iamPasswordViolations', ['validators/dist/iam-password.js', 'validators/dist/rule.js']],
    ['errors', 'provesNothingWasSent', ['errors/dist/transport-failure.js']],
  ])('holds of %s only what %s needs', async (library, name, needed) => {
    const { files } = await bundle(`export { ${name} } from '@password-gateway/${library}';`);
    expect(files.sort()).toEqual(needed.map((file) => `node_modules/@password-gateway/${file}`));
  });

  it('has a service that takes nothing of a request but the signed request and the passwords', async () => {
    await project.write('page.bundle.js', '');
    const service = await Service.start('service.js', project.directory);
    try {
      const { url, iamPassword, ...credentials } = JSON.parse(service.announcement) as Announcement;
      const body = JSON.stringify({ credentials, currentPassword: iamPassword, newPassword: 'New-Staple-2' });
      const answer = await fetch(new URL('/change', url), { method: 'POST', body });
      expect([answer.status, await answer.json()]).toEqual([422, { code: 'credential_missing' }]);
    } finally {
      await service.stop();
    }
  });

  itWithChromium('signs in Chromium and changes a password through a service', async (launch) => {
    const { code } = await bundle(`import './page.js';`);
    await project.write('page.bundle.js', code);
    const service = await Service.start('service.js', project.directory);
    const browser = await launch(join(parent, 'profile'));
    try {
      const announced = JSON.parse(service.announcement) as Announcement;
      const page = await browser.newPage();
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(String(error)));
      await page.goto(announced.url);
      const change = (currentPassword: string, newPassword: string) =>
        page.evaluate(
          ([credentials, passwords]) =>
            (globalThis as unknown as Page).changePassword(credentials, passwords),
          [announced, { currentPassword, newPassword }] as const,
        );
      expect(await change(announced.iamPassword, 'New-Staple-2')).toBe('changed');
      expect(await change(announced.iamPassword, 'New-Staple-3')).toBe('current_password_incorrect');
      expect(await change('New-Staple-2', '€')).toMatchObject([{ code: 'character_not_allowed' }]);
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
      await service.stop();
    }
  });
});
