import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AwsSandbox, seedDemo, startAwsSandbox } from '@password-gateway/aws-sandbox';

import { failureOf } from '../test/failure.js';
import { CognitoPasswordProvider } from './cognito-password-provider.js';
import type { CognitoPasswordProviderOptions } from './provider-options.js';

const client = new CognitoIdentityProviderClient({ region: 'us-east-1' });

/** A client as SDKs without a part of its configuration make it. */
const without = (name: string) => ({
  config: Object.fromEntries(Object.entries(client.config).filter(([other]) => other !== name)),
});

describe('a provider', () => {
  it.each<[what: string, options: object, message: RegExp]>([
    ['no place', {}, /one of client, region and endpoint/],
    ['empty places', { region: '', endpoint: '' }, /one of client, region and endpoint/],
    ['a client and a region', { client, region: 'us-east-1' }, /leave region and endpoint out/],
    ['a client and an endpoint', { client, endpoint: 'http://127.0.0.1' }, /leave region and endpoint out/],
    ['an endpoint that is no URL', { endpoint: 'localhost' }, /must be an absolute URL/],
    [
      'an endpoint without a scheme',
      { endpoint: 'localhost:4566' },
      /must be an absolute URL of http or https/,
    ],
    ['a client that is too old', { client: without('protocol') }, /3\.928\.0 or later/],
    ['a client that is older still', { client: without('serviceConfiguredEndpoint') }, /3\.928\.0 or later/],
  ])('is not made from %s', (_, options, message) => {
    const make = () => new CognitoPasswordProvider(options as CognitoPasswordProviderOptions);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });

  it('is not made with a deadline that no timer keeps', () => {
    expect(() => new CognitoPasswordProvider({ region: 'eu-central-1', timeoutMs: Infinity })).toThrow(
      RangeError,
    );
  });

  it.each<[what: string, options: CognitoPasswordProviderOptions]>([
    ['a region', { region: 'eu-central-1' }],
    ['an endpoint', { endpoint: 'http://127.0.0.1:1' }],
    ['a region and its endpoint', { region: 'eu-central-1', endpoint: 'http://127.0.0.1:1' }],
    ['a client', { client }],
  ])('is made from %s', (_, options) => {
    expect(new CognitoPasswordProvider(options)).toBeInstanceOf(CognitoPasswordProvider);
  });
});

describe('a client whose lookups fail at first', () => {
  let sandbox: AwsSandbox;

  beforeAll(async () => {
    sandbox = await startAwsSandbox();
  });

  afterAll(async () => {
    await sandbox.close();
  });

  it('leaves the password unchanged, and the next change works', async () => {
    const { accessToken, password: currentPassword } = seedDemo(sandbox);
    const cause = new Error('Region is missing');
    let lookups = 0;
    const working = new CognitoIdentityProviderClient({ region: 'us-east-1', endpoint: sandbox.url });
    const endpoint = () => (lookups++ === 0 ? Promise.reject(cause) : working.config.endpoint!());
    const provider = new CognitoPasswordProvider({
      client: { config: { ...working.config, endpoint } },
    });
    const change = () =>
      provider.changePassword({ accessToken, currentPassword, newPassword: 'Another-Horse-2' });
    expect(await failureOf(change())).toMatchObject({
      code: 'internal_error',
      outcome: 'unchanged',
      provider: 'cognito',
      cause,
    });
    expect(sandbox.callCount).toBe(0);
    await expect(change()).resolves.toMatchObject({ provider: 'cognito' });
  });
});
