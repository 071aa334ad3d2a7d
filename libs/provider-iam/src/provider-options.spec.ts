import { IAMClient } from '@aws-sdk/client-iam';
import { describe, expect, it } from '@jest/globals';

import { failureOf } from '../test/failure.js';
import { StubHandler } from '../test/stub-handler.js';
import { IamPasswordProvider } from './iam-password-provider.js';
import type { IamPasswordProviderOptions } from './provider-options.js';

const client = new IAMClient({ region: 'us-east-1' });

/** A client as SDKs without a part of its configuration make it. */
const without = (name: string) => ({
  config: Object.fromEntries(Object.entries(client.config).filter(([other]) => other !== name)),
});

describe('a provider', () => {
  it.each<[what: string, options: object, message: RegExp]>([
    ['a client and an endpoint', { client, endpoint: 'http://127.0.0.1' }, /leave endpoint out/],
    ['an endpoint that is no URL', { endpoint: 'localhost' }, /must be an absolute URL/],
    [
      'an endpoint without a scheme',
      { endpoint: 'localhost:4566' },
      /must be an absolute URL of http or https/,
    ],
    ['a client that is too old', { client: without('protocol') }, /3\.930\.0 or later/],
    ['a client that is older still', { client: without('serviceConfiguredEndpoint') }, /3\.930\.0 or later/],
    ['an empty endpoint', { endpoint: '' }, /must be an absolute URL/],
  ])('is not made from %s', (_, options, message) => {
    const make = () => new IamPasswordProvider(options);
    expect(make).toThrow(TypeError);
    expect(make).toThrow(message);
  });

  it('is not made with a deadline that no timer keeps', () => {
    expect(() => new IamPasswordProvider({ timeoutMs: Infinity })).toThrow(RangeError);
  });

  it.each<[what: string, options: IamPasswordProviderOptions | undefined]>([
    ['nothing', undefined],
    ['an endpoint', { endpoint: 'http://127.0.0.1:1' }],
    ['a client', { client }],
  ])('is made from %s', (_, options) => {
    expect(new IamPasswordProvider(options)).toBeInstanceOf(IamPasswordProvider);
  });
});

it('leaves the password unchanged when a client cannot tell its endpoint', async () => {
  const cause = new Error('no endpoint');
  const requestHandler = new StubHandler();
  const provider = new IamPasswordProvider({
    requestHandler,
    client: new IAMClient({ endpoint: (): Promise<never> => Promise.reject(cause) }),
  });
  const failure = await failureOf(
    provider.changePassword({
      credentials: { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'secret' },
      currentPassword: 'Old-Password-1',
      newPassword: 'New-Password-2',
    }),
  );
  expect(failure).toMatchObject({ code: 'internal_error', outcome: 'unchanged', provider: 'iam', cause });
  expect(requestHandler.request).toBeUndefined();
});
