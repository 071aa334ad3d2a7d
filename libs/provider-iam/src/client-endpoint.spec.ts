import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';

import { ChangePasswordCommand, IAMClient, type IAMClientConfig } from '@aws-sdk/client-iam';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { failureOf } from '../test/failure.js';
import { StubHandler } from '../test/stub-handler.js';
import { IamPasswordProvider } from './iam-password-provider.js';

const credentials = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG' };
const CHANGE = { credentials, currentPassword: 'Old-Password-1', newPassword: 'New-Password-2' };
const INPUT = { OldPassword: 'Old-Password-1', NewPassword: 'New-Password-2' };

const before = { ...env };
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'profile-'));
  await writeFile(join(folder, 'config'), '[default]\nendpoint_url = http://profile.test:1/path\n');
});

afterEach(() => {
  for (const name of Object.keys(env)) if (name.startsWith('AWS_')) Reflect.deleteProperty(env, name);
  Object.assign(env, before);
});

afterAll(() => rm(folder, { recursive: true }));

const placeOf = ({ request }: StubHandler) => {
  const { protocol, hostname, port } = request ?? {};
  return { protocol, hostname, port };
};

const clientOf = (config: IAMClientConfig, requestHandler: StubHandler) =>
  new IAMClient({ region: 'us-east-1', credentials, ...config, requestHandler: requestHandler as never });

/** Where the client itself sends the call, and where the provider does. */
async function places(config: IAMClientConfig) {
  const itself = new StubHandler();
  await clientOf(config, itself).send(new ChangePasswordCommand(INPUT));
  const ours = new StubHandler();
  await new IamPasswordProvider({ client: clientOf(config, ours) }).changePassword(CHANGE);
  return [placeOf(itself), placeOf(ours)] as const;
}

describe('a change by a client goes where the client itself goes', () => {
  it.each<[what: string, variables: Record<string, string>, hostname: string]>([
    ['AWS_ENDPOINT_URL', { AWS_ENDPOINT_URL: 'http://all.test:1/path' }, 'all.test'],
    [
      'the variable of the service',
      {
        AWS_ENDPOINT_URL: 'http://all.test:1/path',
        AWS_ENDPOINT_URL_IAM: 'https://iam.test',
      },
      'iam.test',
    ],
    [
      'none, where they are to be ignored',
      { AWS_ENDPOINT_URL: 'http://all.test', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
      'iam.amazonaws.com',
    ],
  ])('by the environment: %s', async (_, variables, hostname) => {
    Object.assign(env, variables);
    const [itself, ours] = await places({});
    expect(ours).toEqual(itself);
    expect(ours.hostname).toBe(hostname);
  });

  it('by the shared configuration', async () => {
    env['AWS_CONFIG_FILE'] = join(folder, 'config');
    const [itself, ours] = await places({});
    expect(ours).toEqual(itself);
    expect(ours).toEqual({ protocol: 'http:', hostname: 'profile.test', port: 1 });
  });

  it.each<[config: IAMClientConfig, hostname: string]>([
    [{}, 'iam.amazonaws.com'],
    [{ endpoint: 'http://passed.test:2' }, 'passed.test'],
    [{ endpoint: { protocol: 'https:', hostname: 'object.test', path: '/a' } }, 'object.test'],
    [{ useFipsEndpoint: true }, 'iam-fips.amazonaws.com'],
    [{ useDualstackEndpoint: true }, 'iam.global.api.aws'],
    [{ endpointProvider: () => ({ url: new URL('https://ruled.test/') }) }, 'ruled.test'],
  ])('by its own options: %j', async (config, hostname) => {
    if (config.endpoint !== undefined) env['AWS_ENDPOINT_URL'] = 'http://all.test';
    const [itself, ours] = await places(config);
    expect(ours).toEqual(itself);
    expect(ours.hostname).toBe(hostname);
  });

  it('by an endpoint that moves', async () => {
    let hostname = 'first.test';
    const endpoint = () => Promise.resolve({ protocol: 'https:', hostname, path: '/' });
    const handler = new StubHandler();
    const provider = new IamPasswordProvider({ client: clientOf({ endpoint }, handler) });
    await provider.changePassword(CHANGE);
    expect(handler.request).toMatchObject({ hostname: 'first.test' });
    hostname = 'second.test';
    await provider.changePassword(CHANGE);
    expect(handler.request).toMatchObject({ hostname: 'second.test' });
  });
});

it.each<IAMClientConfig>([
  { endpoint: 'http://passed.test', useFipsEndpoint: true },
  { endpoint: 'localhost:4566' },
])('a change by a client whose rules refuse %j goes nowhere', async (config) => {
  const handler = new StubHandler();
  const work = new IamPasswordProvider({ client: clientOf(config, handler) }).changePassword(CHANGE);
  expect(await failureOf(work)).toMatchObject({ code: 'internal_error', outcome: 'unchanged' });
  expect(handler.request).toBeUndefined();
});

it('a change by a client goes to the partition that was signed, whatever region the client has', async () => {
  const handler = new StubHandler();
  const provider = new IamPasswordProvider({ client: clientOf({}, handler), partitions: ['aws-us-gov'] });
  await provider.changePassword(CHANGE);
  expect(handler.request).toMatchObject({ hostname: 'iam.us-gov.amazonaws.com' });
});

it.each<[options: { endpoint?: string }, hostname: string]>([
  [{}, 'iam.amazonaws.com'],
  [{ endpoint: 'http://127.0.0.1:1' }, '127.0.0.1'],
])(
  'a change without a client of your own is led nowhere else by the environment: %j',
  async (options, hostname) => {
    env['AWS_ENDPOINT_URL'] = 'http://all.test';
    env['AWS_USE_FIPS_ENDPOINT'] = 'true';
    const requestHandler = new StubHandler();
    await new IamPasswordProvider({ ...options, requestHandler }).changePassword(CHANGE);
    expect(requestHandler.request).toMatchObject({ hostname });
  },
);

describe('the lookup of an endpoint that never ends', () => {
  const endpoint = () => new Promise<never>(() => undefined);

  it('is bound by the deadline', async () => {
    const handler = new StubHandler();
    const provider = new IamPasswordProvider({ client: clientOf({ endpoint }, handler), timeoutMs: 50 });
    expect(await failureOf(provider.changePassword(CHANGE))).toMatchObject({
      code: 'upstream_unreachable',
      outcome: 'unchanged',
    });
    expect(handler.request).toBeUndefined();
  });

  it("is bound by the caller's signal", async () => {
    const provider = new IamPasswordProvider({ client: clientOf({ endpoint }, new StubHandler()) });
    const work = provider.changePassword({ ...CHANGE, signal: AbortSignal.timeout(50) });
    expect(await failureOf(work)).toMatchObject({ code: 'upstream_unreachable', outcome: 'unchanged' });
  });
});
