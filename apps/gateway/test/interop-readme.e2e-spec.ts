import { readFileSync } from 'node:fs';
import { execPath } from 'node:process';

import { afterAll, describe, expect, it } from '@jest/globals';

import { awsCli, curl } from './interop/command-line-clients.js';
import { reportMissing, startLane, versionsOf } from './interop/programs.js';
import { runProgram } from './interop/run-program.js';
import { boto3 } from './interop/sdk-clients.js';
import { FIRST_PASSWORD } from './support/people.js';

const PRINTED_ADDRESS = 'http://127.0.0.1:3000';
const PRINTED_PASSWORD = 'Another-Horse-2';

const README = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');

/** A block of code of the README's section about AWS's own clients. */
interface Block {
  readonly language: string;
  readonly code: string;
  /** Its first words, as a name. */
  readonly title: string;
}

function blocks(): Block[] {
  const [, section = ''] = /\n## AWS's own clients\n([^]*?)\n## /.exec(README) ?? [];
  return [...section.matchAll(/```(\w+)\n([^]*?)```/g)].map(([, language = '', code = '']) => ({
    language,
    code,
    title: code.trim().slice(0, 40).replaceAll('\n', ' '),
  }));
}

async function firstWith(
  names: Promise<string[]>,
  hasIt: (name: string) => Promise<boolean>,
): Promise<string | undefined> {
  for (const name of await names) if (await hasIt(name)) return name;
  return undefined;
}

const python = await firstWith(versionsOf('python3'), async (name) => {
  const program = await boto3(name);
  await program.end();
  return program.version !== undefined;
});

const [aws] = await versionsOf('aws');

/** The program and its arguments for a block; undefined when one that it needs is not installed. */
const COMMANDS: Readonly<Record<string, (code: string) => readonly string[] | undefined>> = {
  sh: (code) => (/(?:^| )aws /.test(code) && aws === undefined ? undefined : ['/bin/sh', '-c', code]),
  python: (code) => (python === undefined ? undefined : [python, '-c', code]),
  js: (code) => [execPath, '--input-type=module', '--eval', code],
};

const lane = await startLane({ UPSTREAM_TIMEOUT_MS: '5000' });

afterAll(() => lane.end());

describe("the README's commands for AWS's own clients, run as printed but for the port", () => {
  const all = blocks();
  const runnable = all.filter(({ language, code }) => COMMANDS[language]?.(code) !== undefined);

  it('are two for each of the AWS CLI and curl, and one for each SDK', () => {
    expect(all.map(({ language }) => language)).toEqual(['sh', 'sh', 'sh', 'sh', 'python', 'js']);
  });

  it.each(runnable)(
    '$language: $title',
    async ({ language, code }) => {
      const { sandbox } = lane.world;
      const [cognito, iam] = [lane.world.cognitoUser(), lane.world.iamUser()];
      const here = code.replaceAll(PRINTED_ADDRESS, lane.gateway.url);
      expect(here).not.toContain(PRINTED_ADDRESS);
      const [program = '', ...args] = COMMANDS[language]?.(here) ?? [];
      const before = sandbox.callCount;
      const run = await runProgram(program, args, {
        ACCESS_TOKEN: cognito.accessToken,
        AWS_ACCESS_KEY_ID: iam.credentials.accessKeyId,
        AWS_SECRET_ACCESS_KEY: iam.credentials.secretAccessKey,
      });
      expect(run).toMatchObject({ status: 0 });
      const asked = [
        { person: cognito, named: code.includes('ACCESS_TOKEN') },
        { person: iam, named: code.includes('http://iam.amazonaws.com') },
      ];
      for (const { person, named } of asked) {
        expect(person.has(named ? PRINTED_PASSWORD : FIRST_PASSWORD)).toBe(true);
      }
      expect(sandbox.callCount - before).toBe(asked.filter(({ named }) => named).length);
    },
    60_000,
  );
});

reportMissing(
  [
    ...(aws === undefined ? [] : [await awsCli(aws)]),
    ...(python === undefined ? [] : [{ name: 'boto3' }]),
    ...((await curl()).version === undefined ? [] : [{ name: 'curl' }]),
  ],
  ['AWS CLI', 'boto3', 'curl'],
);
