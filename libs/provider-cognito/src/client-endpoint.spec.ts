import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { env } from 'node:process';

import {
  ChangePasswordCommand,
  CognitoIdentityProviderClient,
  type CognitoIdentityProviderClientConfig,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';

import { failureOf } from '../test/failure.js';
import { StubHandler } from '../test/stub-handler.js';
import { CognitoPasswordProvider } from './cognito-password-provider.js';

const REGION = 'eu-central-1';
const CHANGE = { accessToken: 'a.b.c', currentPassword: 'Old-Password-1', newPassword: 'New-Password-2' };
const INPUT = {
  AccessToken: 'a.b.c',
  PreviousPassword: 'Old-Password-1',
  ProposedPassword: 'New-Password-2',
};

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
  const { protocol, hostname, port, path } = request ?? {};
  return { protocol, hostname, port, path };
};

const clientOf = (config: CognitoIdentityProviderClientConfig, requestHandler: StubHandler) =>
  new CognitoIdentityProviderClient({ region: REGION, ...config, requestHandler: requestHandler as never });

/** Where the client itself sends the call, and where the provider does. */
async function places(config: CognitoIdentityProviderClientConfig) {
  const itself = new StubHandler();
  await clientOf(config, itself).send(new ChangePasswordCommand(INPUT));
  const ours = new StubHandler();
  await new CognitoPasswordProvider({ client: clientOf(config, ours) }).changePassword(CHANGE);
  return [placeOf(itself), placeOf(ours)] as const;
}

describe('a change by a client goes where the client itself goes', () => {
  it.each<[what: string, variables: Record<string, string>, hostname: string]>([
    ['AWS_ENDPOINT_URL', { AWS_ENDPOINT_URL: 'http://all.test:1/path' }, 'all.test'],
    [
      'the variable of the service',
      {
        AWS_ENDPOINT_URL: 'http://all.test:1/path',
        AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: 'https://cognito.test',
      },
      'cognito.test',
    ],
    [
      'none, where they are to be ignored',
      { AWS_ENDPOINT_URL: 'http://all.test', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
      'cognito-idp.eu-central-1.amazonaws.com',
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
    expect(ours).toEqual({ protocol: 'http:', hostname: 'profile.test', port: 1, path: '/path/' });
  });

  it.each<[config: CognitoIdentityProviderClientConfig, hostname: string]>([
    [{}, 'cognito-idp.eu-central-1.amazonaws.com'],
    [{ endpoint: 'http://passed.test:2' }, 'passed.test'],
    [{ endpoint: { protocol: 'https:', hostname: 'object.test', path: '/a' } }, 'object.test'],
    [{ region: 'us-east-1', useFipsEndpoint: true }, 'cognito-idp-fips.us-east-1.amazonaws.com'],
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
    const provider = new CognitoPasswordProvider({ client: clientOf({ endpoint }, handler) });
    await provider.changePassword(CHANGE);
    expect(handler.request).toMatchObject({ hostname: 'first.test' });
    hostname = 'second.test';
    await provider.changePassword(CHANGE);
    expect(handler.request).toMatchObject({ hostname: 'second.test' });
  });
});

it.each<CognitoIdentityProviderClientConfig>([
  { endpoint: 'http://passed.test', useFipsEndpoint: true },
  { endpoint: 'localhost:4566' },
])('a change by a client whose rules refuse %j goes nowhere', async (config) => {
  const handler = new StubHandler();
  const work = new CognitoPasswordProvider({ client: clientOf(config, handler) }).changePassword(CHANGE);
  expect(await failureOf(work)).toMatchObject({ code: 'internal_error', outcome: 'unchanged' });
  expect(handler.request).toBeUndefined();
});

it.each<[options: { region: string } | { endpoint: string }, hostname: string]>([
  [{ region: REGION }, 'cognito-idp.eu-central-1.amazonaws.com'],
  [{ endpoint: 'http://127.0.0.1:1' }, '127.0.0.1'],
])(
  'a change without a client of your own is led nowhere else by the environment: %j',
  async (options, hostname) => {
    env['AWS_ENDPOINT_URL'] = 'http://all.test';
    const requestHandler = new StubHandler();
    await new CognitoPasswordProvider({ ...options, requestHandler }).changePassword(CHANGE);
    expect(requestHandler.request).toMatchObject({ hostname });
  },
);

describe('the lookup of a region or endpoint that never ends', () => {
  const endpoint = () => new Promise<never>(() => undefined);

  it('is bound by the deadline', async () => {
    const handler = new StubHandler();
    const provider = new CognitoPasswordProvider({ client: clientOf({ endpoint }, handler), timeoutMs: 50 });
    expect(await failureOf(provider.changePassword(CHANGE))).toMatchObject({
      code: 'upstream_unreachable',
      outcome: 'unchanged',
    });
    expect(handler.request).toBeUndefined();
  });

  it("is bound by the caller's signal", async () => {
    const provider = new CognitoPasswordProvider({ client: clientOf({ endpoint }, new StubHandler()) });
    const work = provider.changePassword({ ...CHANGE, signal: AbortSignal.timeout(50) });
    expect(await failureOf(work)).toMatchObject({ code: 'upstream_unreachable', outcome: 'unchanged' });
  });
});
