import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process, { env } from 'node:process';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { freePort } from './support/redis-server.js';
import { type DemoStack, startDemoStack } from './support/demo-stack.js';
import { request } from './support/http.js';
import { nextSecond } from './support/next-second.js';
import { isInstalled, output, type Runner, RUNNERS } from './support/sample-programs.js';

const TIMEOUT_MS = 60_000;

/** Inside the project, so that the samples' imports are found. */
const OUTPUT = fileURLToPath(new URL('../test-output/', import.meta.url));

interface Sample {
  readonly lang: string;
  readonly label: string;
  readonly source: string;
}

const COGNITO = 'Amazon Cognito user';
const IAM = 'AWS IAM user';

let stack: DemoStack;
let samples: readonly Sample[];
let folder: string;

beforeAll(async () => {
  const port = await freePort();
  // With it the samples name this gateway, as those of npm start name theirs.
  stack = await startDemoStack(port, { PUBLIC_URL: `http://127.0.0.1:${port}` });
  const document = JSON.parse((await request(stack, '/openapi.json')).text) as {
    paths: { '/password/change': { post: { 'x-codeSamples': readonly Sample[] } } };
  };
  samples = document.paths['/password/change'].post['x-codeSamples'];
  mkdirSync(OUTPUT, { recursive: true });
  folder = mkdtempSync(join(OUTPUT, 'samples-'));
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await stack.close();
});

it('the document has two samples in each of six languages', () => {
  expect(samples.map(({ lang, label }) => [lang, label])).toEqual(
    Object.keys(RUNNERS).flatMap((lang) => [
      [lang, COGNITO],
      [lang, IAM],
    ]),
  );
});

/** Writes a sample, as it is printed, where its language's tools find it. */
function write(lang: string, label: string, { file }: Runner): void {
  const { source } = samples.find((sample) => sample.lang === lang && sample.label === label)!;
  writeFileSync(join(folder, file), source);
}

describe.each(Object.entries(RUNNERS))('%s', (lang, runner) => {
  const { compile, run } = runner;
  if (!isInstalled(runner)) {
    leaveOut(lang, `${lang} samples: NOT CHECKED, ${runner.probe.join(' ')} fails`);
    return;
  }

  if (compile !== undefined) {
    it.each([COGNITO, IAM])(
      'compiles: %s',
      async (label) => {
        write(lang, label, runner);
        await output(compile, folder);
      },
      TIMEOUT_MS,
    );
  }
  if (run === undefined) return;

  it(
    'changes the password of a Cognito user',
    async () => {
      const { sandbox, demo } = stack;
      sandbox.cognito.updateUser(demo.poolId, demo.username, { password: demo.password });
      write(lang, COGNITO, runner);
      expect(await output(run, folder, { ACCESS_TOKEN: demo.accessToken })).toContain('changed');
      expect(sandbox.cognito.passwordMatches(demo.poolId, demo.username, 'Another-Horse-2')).toBe(true);
    },
    TIMEOUT_MS,
  );

  it.each(['long-term', 'temporary'])(
    'changes the password of an IAM user with %s keys',
    async (kind) => {
      const { sandbox, demo } = stack;
      sandbox.iam.updateUser(demo.iamUserName, { password: demo.iamPassword });
      const keys = kind === 'temporary' ? sandbox.iam.createSession(demo.iamUserName) : demo;
      write(lang, IAM, runner);
      await nextSecond();
      const printed = await output(run, folder, {
        AWS_ACCESS_KEY_ID: keys.accessKeyId,
        AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
        ...('sessionToken' in keys && { AWS_SESSION_TOKEN: keys.sessionToken }),
      });
      expect(printed).toContain('"status":"changed"');
      expect(sandbox.iam.passwordMatches(demo.iamUserName, 'Another-Staple-2')).toBe(true);
    },
    TIMEOUT_MS,
  );
});

/** Says that a language's tools are missing; where CI is true that is a failure, but for Swift, which Debian lacks. */
function leaveOut(lang: string, what: string): void {
  if (env['CI'] !== 'true') {
    it.skip(what, () => undefined);
  } else if (lang === 'Swift') {
    process.stderr.write(`${what}\n`);
  } else {
    it(`${lang} must be installed where CI is true`, () => {
      throw new Error(what);
    });
  }
}
