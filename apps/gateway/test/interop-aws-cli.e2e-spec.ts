import { afterAll, describe, expect, it } from '@jest/globals';

import type { Change } from './interop/client.js';
import { awsCli, runAwsCli } from './interop/command-line-clients.js';
import { changeOf, NEW_PASSWORD, personAt } from './interop/matrix.js';
import { reportMissing, startLane, versionsOf } from './interop/programs.js';
import { type Run, runProgram } from './interop/run-program.js';
import { FIRST_PASSWORD } from './support/people.js';

const TIMEOUT_MS = 60_000;

const lane = await startLane();
const { url } = lane.gateway;

afterAll(() => lane.end());

const installed = await Promise.all(
  (await versionsOf('aws')).map(async (name) => ({ name, version: (await awsCli(name)).version ?? '' })),
);

/** A run of the CLI, and what both sides saw of it. */
interface Ran extends Run {
  readonly changed: boolean;
  /** Calls that reached AWS. */
  readonly calls: number;
}

/** Carries a run out for somebody new. */
async function observed(
  provider: 'cognito' | 'iam',
  run: (change: Change) => Promise<Run | undefined>,
): Promise<Ran> {
  const { sandbox } = lane.world;
  const person = personAt(lane.world, provider);
  const before = sandbox.callCount;
  const ended = await run(changeOf(url, person));
  if (ended === undefined) throw new Error('the AWS CLI has gone');
  const changed = person.has(NEW_PASSWORD) && !person.has(FIRST_PASSWORD);
  return { ...ended, changed, calls: sandbox.callCount - before };
}

const SILENT = { status: 0, stdout: '', stderr: '', changed: true, calls: 1 };

/** Options beside the arguments of aws-cli.json; the operation has no output to format or to query. */
const OPTIONS: readonly (readonly [options: string, onlyVersion2: boolean])[] = [
  ['--output json', false],
  ['--output text', false],
  ['--output table', false],
  ['--output yaml', true],
  ['--output yaml-stream', true],
  ['--query ResponseMetadata.RequestId', false],
  ['--no-sign-request', false],
];

function isVersion2(version: string): boolean {
  return version.startsWith('2.');
}

for (const { name, version } of installed) {
  describe(`AWS CLI ${version}`, () => {
    checkOptions(name, version);
  });
}

function checkOptions(aws: string, version: string): void {
  const has = ([, onlyVersion2]: readonly [string, boolean]): boolean => !onlyVersion2 || isVersion2(version);

  it.each(OPTIONS.filter(has))(
    '%s',
    async (option) => {
      const ran = await observed('cognito', (change) =>
        runAwsCli(aws, 'cognito-idp', change, option.split(' ')),
      );
      expect({ ...ran, stdout: ran.stdout.trim() }).toEqual({
        ...SILENT,
        stdout: expect.stringMatching(option.startsWith('--query') ? /^(?:null|None|)$/ : /^$/),
      });
    },
    TIMEOUT_MS,
  );

  it(
    '--debug shows what went over the wire',
    async () => {
      const { stderr, ...ran } = await observed('cognito', (change) =>
        runAwsCli(aws, 'cognito-idp', change, ['--debug']),
      );
      expect({ ...ran, stderr: '' }).toEqual(SILENT);
      expect(stderr).toContain(`${url}/password/change`);
      expect(stderr).toContain('AWSCognitoIdentityProviderService.ChangePassword');
      expect(stderr).toContain('application/x-amz-json-1.1');
      expect(stderr).toMatch(/"POST \/password\/change HTTP\/1\.1" 200/);
      expect(stderr).toMatch(/Response body:\s+b'\{\}'/);
      expect(stderr).toMatch(/'x-amzn-requestid': '[0-9a-f-]{36}'/i);
    },
    TIMEOUT_MS,
  );

  it.each(
    [
      ['json', false],
      ['yaml', true],
    ].filter((format): format is [string, boolean] => has(format as [string, boolean])),
  )(
    '--cli-input-%s, of what --generate-cli-skeleton printed',
    async (format) => {
      const command = ['cognito-idp', 'change-password'];
      const before = lane.world.sandbox.callCount;
      const kind = format === 'json' ? 'input' : 'yaml-input';
      const skeleton = await runProgram(aws, [...command, '--generate-cli-skeleton', kind]);
      expect(lane.world.sandbox.callCount).toBe(before);
      const ran = await observed('cognito', (change) =>
        runProgram(aws, [
          ...[...command, '--endpoint-url', `${url}/password/change`],
          ...[`--cli-input-${format}`, filledSkeleton(skeleton?.stdout ?? '', change)],
        ]),
      );
      expect(ran).toEqual(SILENT);
    },
    TIMEOUT_MS,
  );

  it(
    'cognito-idp through HTTP_PROXY',
    async () => {
      const command = 'cognito-idp through HTTP_PROXY';
      expect(await observed('cognito', (change) => runAwsCli(aws, command, change))).toEqual(SILENT);
    },
    TIMEOUT_MS,
  );

  it(
    'pointed at the gateway for IAM, signs the gateway and is told so by AWS',
    async () => {
      const ran = await observed('iam', (change) => runAwsCli(aws, 'iam without HTTP_PROXY', change));
      expect(ran).toMatchObject({ changed: false, calls: 1 });
      expect(ran.status).not.toBe(0);
      expect(ran.stderr).toContain('(SignatureDoesNotMatch) when calling the ChangePassword operation');
    },
    TIMEOUT_MS,
  );
}

reportMissing(
  installed.map(({ version }) => ({ name: isVersion2(version) ? 'AWS CLI 2' : 'AWS CLI 1' })),
  ['AWS CLI 2'],
);

/** Puts the values into the empty strings of a skeleton, JSON or YAML: JSON strings are YAML too. */
function filledSkeleton(skeleton: string, { current, new: proposed, token }: Change): string {
  const values = { PreviousPassword: current, ProposedPassword: proposed, AccessToken: token };
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replace(new RegExp(`(${name}"?: )(?:''|"")`), `$1${JSON.stringify(value)}`),
    skeleton,
  );
}
