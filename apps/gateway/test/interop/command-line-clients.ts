import { readFileSync } from 'node:fs';

import { type Change, type Client, filledIn, missing, type Program, type Seen } from './client.js';
import { type Run, runProgram, type Variables } from './run-program.js';
import { toolPath } from './sdk-clients.js';

/** A command of aws-cli.json. */
interface Command {
  readonly environment: Variables;
  readonly arguments: readonly string[];
}

type CommandName = 'cognito-idp' | 'iam' | 'cognito-idp through HTTP_PROXY' | 'iam without HTTP_PROXY';

const AWS_COMMANDS = readTable<CommandName, Command>('aws-cli.json');

const CURL_ARGUMENTS = readTable<
  'X-Amz-Target' | 'documented' | 'aws-sigv4' | 'aws-sigv4 with temporary credentials',
  readonly string[]
>('curl.json');

function readTable<Key extends string, Value>(file: string): Readonly<Record<Key, Value>> {
  return JSON.parse(readFileSync(toolPath(file), 'utf8')) as Record<Key, Value>;
}

/** The AWS CLI under this name. */
export async function awsCli(aws: string): Promise<Program> {
  const version = await runProgram(aws, ['--version']);
  if (version?.status !== 0) return missing('AWS CLI');
  const client = (provider: Client['provider'], command: CommandName, setting: string): Client => ({
    name: 'AWS CLI',
    provider,
    setting,
    change: async (change) => awsException(await runAwsCli(aws, command, change)),
  });
  return {
    name: 'AWS CLI',
    version: /^aws-cli\/(\S+)/.exec(version.stdout + version.stderr)?.[1] ?? '',
    clients: [
      client('cognito', 'cognito-idp', '`--endpoint-url <gateway>/password/change`'),
      client(
        'iam',
        'iam',
        '`HTTP_PROXY=<gateway>`, `--region us-east-1 --endpoint-url http://iam.amazonaws.com` ¹',
      ),
    ],
    end: () => Promise.resolve(),
  };
}

/**
 * Runs a command of aws-cli.json.
 *
 * @param more arguments after it, also filled in
 */
export async function runAwsCli(
  aws: string,
  command: CommandName,
  change: Change,
  more: readonly string[] = [],
): Promise<Run> {
  const { environment, arguments: args } = AWS_COMMANDS[command];
  const variables = Object.entries(environment).map(([name, value]) => [name, filledIn(value, change)]);
  const run = await runProgram(
    aws,
    [...args, ...more].map((argument) => filledIn(argument, change)),
    {
      ...(Object.fromEntries(variables) as Variables),
      ...(change.attempts !== undefined && { AWS_MAX_ATTEMPTS: String(change.attempts) }),
    },
  );
  if (run === undefined) throw new Error(`there is no ${aws}`);
  return run;
}

const AWS_MESSAGE = /An error occurred \((\w+)\) when calling the ChangePassword operation/;

/** The CLI has no classes: its message names the exception, and its exit status says that there was one. */
function awsException({ status, stderr }: Run): Seen {
  if (status === 0) return { raised: null, modelled: false, message: '' };
  const name = AWS_MESSAGE.exec(stderr)?.[1] ?? `no exception: ${stderr}`;
  // 254 since version 2 and late versions of 1: the service returned an error.
  return {
    raised: status === 254 || status === 255 ? name : `exit ${status ?? ''}`,
    modelled: false,
    message: stderr,
  };
}

/** curl. */
export async function curl(): Promise<Program> {
  const version = await runProgram('curl', ['--version']);
  if (version?.status !== 0) return missing('curl');
  const client = (
    provider: Client['provider'],
    setting: string,
    args: (change: Change) => readonly string[],
  ): Client => ({
    name: 'curl',
    provider,
    setting,
    change: async (change) => curlException(await runCurl(args(change), change)),
  });
  return {
    name: 'curl',
    version: /^curl (\S+)/.exec(version.stdout)?.[1] ?? '',
    clients: [
      client(
        'cognito',
        '`<gateway>/password/change`, `X-Amz-Target: …ChangePassword`',
        () => CURL_ARGUMENTS['X-Amz-Target'],
      ),
      client(
        'cognito',
        '`<gateway>/password/change`, `X-Amz-Target;`, `Authorization: Bearer …` ²',
        () => CURL_ARGUMENTS.documented,
      ),
      client(
        'iam',
        '`--proxy <gateway>`, `--aws-sigv4 aws:amz:us-east-1:iam`, `http://iam.amazonaws.com/` ¹',
        ({ sessionToken }) =>
          CURL_ARGUMENTS[sessionToken === '' ? 'aws-sigv4' : 'aws-sigv4 with temporary credentials'],
      ),
    ],
    end: () => Promise.resolve(),
  };
}

/** Runs curl with arguments of curl.json; the answer's headers come first, then its body. */
async function runCurl(args: readonly string[], change: Change): Promise<Run> {
  const run = await runProgram('curl', [
    ...['--silent', '--show-error', '--fail-with-body', '--include'],
    ...args.map((argument) => filledIn(argument, change)),
  ]);
  if (run === undefined) throw new Error('there is no curl');
  return run;
}

const FAILED_WITH_BODY = 22;

/** curl knows no exceptions: what the answer names stands for them. */
function curlException({ status, stdout, stderr }: Run): Seen {
  if (status === 0) return { raised: null, modelled: false, message: '' };
  if (status !== FAILED_WITH_BODY)
    return { raised: `exit ${status ?? ''}`, modelled: false, message: stderr };
  const [, xml, type, code] = /<Code>(\w+)<\/Code>|"__type":"(\w+)"|"code":"(\w+)"/.exec(stdout) ?? [];
  return { raised: xml ?? type ?? code ?? 'nothing', modelled: false, message: stdout };
}
