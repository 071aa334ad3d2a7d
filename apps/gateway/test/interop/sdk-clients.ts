import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';

import { type Change, type Client, missing, type Program, type Seen } from './client.js';
import { LineProgram } from './run-program.js';

/** What the programs of tools/interop are asked. */
interface Question {
  readonly service: 'cognito-idp' | 'iam';
  readonly client: Readonly<Record<string, unknown>>;
  readonly input: Readonly<Record<string, string>>;
}

/** How a client is led to the gateway, for each way that its program knows. */
type Setting = readonly [
  provider: Client['provider'],
  setting: string,
  question: (change: Change) => Question & Readonly<Record<string, unknown>>,
];

const IAM_URL = 'http://iam.amazonaws.com';
const COGNITO_URL = 'http://cognito-idp.us-east-1.amazonaws.com';

function cognitoInput({ token, current, new: proposed }: Change) {
  return { AccessToken: token, PreviousPassword: current, ProposedPassword: proposed };
}

function iamInput({ current, new: proposed }: Change) {
  return { OldPassword: current, NewPassword: proposed };
}

/** `Config` of botocore; retries are the client's own unless a change says otherwise. */
function botoConfig({ attempts }: Change, more: object = {}) {
  return { ...more, ...(attempts !== undefined && { retries: { total_max_attempts: attempts } }) };
}

function botoKeys({ accessKeyId, secretAccessKey, sessionToken }: Change) {
  return {
    aws_access_key_id: accessKeyId,
    aws_secret_access_key: secretAccessKey,
    ...(sessionToken !== '' && { aws_session_token: sessionToken }),
  };
}

const BOTO3_SETTINGS: readonly Setting[] = [
  [
    'cognito',
    "`endpoint_url='<gateway>/password/change'`",
    (change) => ({
      service: 'cognito-idp',
      client: { endpoint_url: `${change.gateway}/password/change` },
      config: botoConfig(change),
      input: cognitoInput(change),
    }),
  ],
  [
    'cognito',
    "`endpoint_url='<gateway>'` ¹",
    (change) => ({
      service: 'cognito-idp',
      client: { endpoint_url: change.gateway },
      config: botoConfig(change),
      input: cognitoInput(change),
    }),
  ],
  [
    'cognito',
    `\`Config(proxies={'http': '<gateway>'})\`, \`endpoint_url='${COGNITO_URL}'\` ¹`,
    (change) => ({
      service: 'cognito-idp',
      client: { endpoint_url: COGNITO_URL },
      config: botoConfig(change, { proxies: { http: change.gateway } }),
      input: cognitoInput(change),
    }),
  ],
  [
    'iam',
    `\`Config(proxies={'http': '<gateway>'})\`, \`region_name='us-east-1'\`, \`endpoint_url='${IAM_URL}'\` ¹`,
    (change) => ({
      service: 'iam',
      client: { endpoint_url: IAM_URL, ...botoKeys(change) },
      config: botoConfig(change, { proxies: { http: change.gateway } }),
      input: iamInput(change),
    }),
  ],
];

const JAVASCRIPT_SETTINGS: readonly Setting[] = [
  [
    'cognito',
    "`endpoint: '<gateway>/password/change'`",
    (change) => ({
      service: 'cognito-idp',
      client: { endpoint: `${change.gateway}/password/change`, ...attemptsOf(change) },
      input: cognitoInput(change),
    }),
  ],
  [
    'iam',
    `\`endpoint: '${IAM_URL}'\`, \`requestHandler: { httpAgent: new Agent({ proxyEnv: { HTTP_PROXY: '<gateway>' } }) }\` ¹`,
    (change) => {
      const { accessKeyId, secretAccessKey, sessionToken } = change;
      const credentials = { accessKeyId, secretAccessKey, ...(sessionToken !== '' && { sessionToken }) };
      return {
        service: 'iam',
        client: { endpoint: IAM_URL, credentials, ...attemptsOf(change) },
        proxy: change.gateway,
        input: iamInput(change),
      };
    },
  ],
];

function attemptsOf({ attempts }: Change) {
  return attempts === undefined ? {} : { maxAttempts: attempts };
}

/** boto3, of the Python of this name. */
export async function boto3(python: string): Promise<Program> {
  const program = await LineProgram.start(python, [toolPath('boto3_change.py')]);
  return program ? programOf('boto3', program, BOTO3_SETTINGS) : missing('boto3');
}

/** The AWS SDK for JavaScript of this workspace. */
export async function javaScriptSdk(): Promise<Program> {
  const program = await LineProgram.start(execPath, [toolPath('javascript-change.mjs')]);
  return program ? programOf('AWS SDK for JavaScript', program, JAVASCRIPT_SETTINGS) : missing('JavaScript');
}

function programOf(name: string, program: LineProgram, settings: readonly Setting[]): Program {
  const clients = settings.map(([provider, setting, question]) => ({
    name,
    provider,
    setting,
    change: async (change: Change) => (await program.ask(question(change))) as Seen,
  }));
  return { name, version: program.version, clients, end: () => program.end() };
}

/** A file of tools/interop. */
export function toolPath(file: string): string {
  return fileURLToPath(new URL(`../../../../tools/interop/${file}`, import.meta.url));
}
