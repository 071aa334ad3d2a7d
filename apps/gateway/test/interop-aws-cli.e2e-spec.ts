import { afterAll, describe, expect, it } from '@jest/globals';

import type { Change } from './interop/client.js';
import { awsCli, runAwsCli } from './interop/command-line-clients.js';
import { changeOf, NEW_PASSWORD, personAt } from './interop/matrix.js';
import { reportMissing, startLane, versionsOf } from './interop/programs.js';
import { type Run, runProgram } from './interop/run-program.js';
import { FIRST_PASSWORD } from './support/people.js';

const lane = await startLane();

afterAll(() => lane.end());

/** A run of the CLI, and whether it changed the password. */
interface Ran extends Run {
  readonly changed: boolean;
}

/** What a run must show. */
type Check = (ran: Ran, gateway: string) => void;

const printsNothing: Check = ({ stdout, changed }) => {
  expect({ stdout: stdout.trim(), changed }).toEqual({ stdout: '', changed: true });
};

/** Options beside the arguments of aws-cli.json. */
const OPTIONS: readonly (readonly [options: string, onlyVersion2: boolean, check: Check])[] = [
  ['--output json', false, printsNothing],
  ['--output text', false, printsNothing],
  ['--output table', false, printsNothing],
  ['--output yaml', true, printsNothing],
  ['--output yaml-stream', true, printsNothing],
  [
    '--query ResponseMetadata.HTTPStatusCode',
    false,
    ({ changed }) => {
      expect(changed).toBe(true);
    },
  ],
  ['--no-sign-request', false, printsNothing],
  [
    '--debug',
    false,
    ({ stderr, changed }, gateway) => {
      expect(changed).toBe(true);
      // What went over the wire, in the CLI's own words.
      expect(stderr).toContain(`${gateway}/password/change`);
      expect(stderr).toContain('AWSCognitoIdentityProviderService.ChangePassword');
      expect(stderr).toContain('application/x-amz-json-1.1');
      expect(stderr).toMatch(/"POST \/password\/change HTTP\/1\.1" 200/);
      expect(stderr).toMatch(/Response body:\s+b'\{\}'/);
      expect(stderr).toMatch(/'x-amzn-requestid': '[0-9a-f-]{36}'/i);
    },
  ],
];

function isVersion2(version: string): boolean {
  return version.startsWith('2.');
}

const all = await Promise.all(
  (await versionsOf('aws')).map(async (name) => ({ name, version: (await awsCli(name)).version ?? '' })),
);

describe.each(all)('AWS CLI $version, cognito-idp change-password', ({ name: aws, version }) => {
  const { url } = lane.gateway;
  const options = OPTIONS.filter(([, onlyVersion2]) => !onlyVersion2 || isVersion2(version));
  const runs = Promise.all(options.map(([option]) => withOptions(aws, option.split(' '))));

  it.each(options.map(([option, , check], index) => ({ option, check, index })))(
    '$option',
    async ({ check, index }) => {
      const ran = (await runs)[index]!;
      expect(ran).toMatchObject({ status: 0 });
      check(ran, url);
    },
    60_000,
  );

  const inputs = ['json', 'yaml'].filter((format) => format === 'json' || isVersion2(version));

  it.each(inputs)(
    '--cli-input-%s, of what --generate-cli-skeleton printed',
    async (format) => {
      const person = personAt(lane.world, 'cognito');
      const before = lane.world.sandbox.callCount;
      const kind = format === 'json' ? 'input' : 'yaml-input';
      const printed = await runProgram(aws, [...CHANGE_PASSWORD, '--generate-cli-skeleton', kind]);
      expect(lane.world.sandbox.callCount).toBe(before);
      const input = filledSkeleton(printed?.stdout ?? '', changeOf(url, person));
      const run = await runProgram(aws, [
        ...[...CHANGE_PASSWORD, '--endpoint-url', `${url}/password/change`],
        ...[`--cli-input-${format}`, input],
      ]);
      expect(run).toMatchObject({ status: 0, stdout: '' });
      expect(person.has(NEW_PASSWORD)).toBe(true);
    },
    60_000,
  );
});

const CHANGE_PASSWORD = ['cognito-idp', 'change-password'];

async function withOptions(aws: string, options: readonly string[]): Promise<Ran> {
  const person = personAt(lane.world, 'cognito');
  const run = await runAwsCli(aws, 'cognito-idp', changeOf(lane.gateway.url, person), options);
  return { ...run, changed: person.has(NEW_PASSWORD) && !person.has(FIRST_PASSWORD) };
}

/** Puts the values into the empty strings of a skeleton, JSON or YAML: JSON strings are YAML too. */
function filledSkeleton(skeleton: string, { current, new: proposed, token }: Change): string {
  const values = { PreviousPassword: current, ProposedPassword: proposed, AccessToken: token };
  return Object.entries(values).reduce(
    (text, [name, value]) => text.replace(new RegExp(`(${name}"?: )(?:''|"")`), `$1${JSON.stringify(value)}`),
    skeleton,
  );
}

it.each(all)(
  'AWS CLI $version, pointed at the gateway for IAM, signs the gateway and is told so',
  async ({ name: aws }) => {
    const person = personAt(lane.world, 'iam');
    const { status, stderr } = await runAwsCli(aws, 'iam', changeOf(lane.gateway.url, person), [
      ...['--endpoint-url', lane.gateway.url],
    ]);
    expect(stderr).toMatch(
      /An error occurred \(SignatureDoesNotMatch\) when calling the ChangePassword operation/,
    );
    expect({ status: status === 254 || status === 255, changed: person.has(NEW_PASSWORD) }).toEqual({
      status: true,
      changed: false,
    });
  },
  60_000,
);

it.each(all)(
  'AWS CLI $version, cognito-idp through HTTP_PROXY',
  async ({ name: aws }) => {
    const person = personAt(lane.world, 'cognito');
    const command = 'cognito-idp through HTTP_PROXY';
    const { status } = await runAwsCli(aws, command, changeOf(lane.gateway.url, person));
    expect({ status, changed: person.has(NEW_PASSWORD) }).toEqual({ status: 0, changed: true });
  },
  60_000,
);

reportMissing(
  all.map(({ version }) => ({ name: isVersion2(version) ? 'AWS CLI 2' : 'AWS CLI 1' })),
  ['AWS CLI 2'],
);
