import { describe, expect, it } from '@jest/globals';

import { sdkEndpoint, type SdkEndpointConfig } from './sdk-endpoint.js';

const PASSED = { protocol: 'http:', hostname: '127.0.0.1', port: 4566, path: '/passed' };

const ask = (config: Partial<SdkEndpointConfig> = {}, region = () => Promise.resolve('eu-central-1')) =>
  sdkEndpoint(
    'iam',
    {
      endpointProvider: ({ Region, UseDualStack, UseFIPS, Endpoint }) => ({
        url: new URL(
          String(Endpoint ?? `https://${String(Region)}.test/${String(UseDualStack)}/${String(UseFIPS)}`),
        ),
      }),
      useDualstackEndpoint: () => Promise.resolve(true),
      useFipsEndpoint: () => Promise.resolve(false),
      ...config,
    },
    region,
  );

const failed = { name: 'PasswordChangeError', code: 'internal_error', outcome: 'unchanged', provider: 'iam' };

describe('sdkEndpoint', () => {
  const configured = (endpoint: string | undefined) => ({
    serviceConfiguredEndpoint: () => Promise.resolve(endpoint),
  });

  it.each<[what: string, config: Partial<SdkEndpointConfig>, endpoint: string]>([
    ['that of the region', {}, 'https://eu-central-1.test/true/false'],
    [
      'that of the region where nothing is configured',
      configured(undefined),
      'https://eu-central-1.test/true/false',
    ],
    [
      'that of the region where nothing but emptiness is configured',
      configured(''),
      'https://eu-central-1.test/true/false',
    ],
    ['the configured one', configured('http://localhost:1/path'), 'http://localhost:1/path'],
    [
      'that of the region where the configured one is ignored',
      { ...configured('http://localhost:1'), ignoreConfiguredEndpointUrls: true },
      'https://eu-central-1.test/true/false',
    ],
    [
      'the one that was passed in',
      {
        ...configured('http://localhost:1'),
        isCustomEndpoint: true,
        endpoint: () => Promise.resolve(PASSED),
      },
      'http://127.0.0.1:4566/passed',
    ],
    [
      'the configured one where an empty one was passed in',
      {
        ...configured('http://localhost:1/'),
        isCustomEndpoint: false,
        endpoint: () => Promise.reject(new Error()),
      },
      'http://localhost:1/',
    ],
    [
      'one without a port',
      { endpoint: () => Promise.resolve({ ...PASSED, port: undefined }) },
      'http://127.0.0.1/passed',
    ],
  ])('is %s', async (_, config, endpoint) => {
    expect((await ask(config)).href).toBe(endpoint);
  });

  it.each<[what: string, config: Partial<SdkEndpointConfig>]>([
    ['an endpoint that has no scheme', configured('localhost:4566')],
    ['an endpoint of another scheme', { endpoint: () => Promise.resolve({ ...PASSED, protocol: 'ftp:' }) }],
    ['an endpoint that cannot be told', { endpoint: () => Promise.reject(new Error()) }],
    ['a configuration that cannot be read', { serviceConfiguredEndpoint: () => Promise.reject(new Error()) }],
    [
      'rules that refuse',
      {
        endpointProvider: () => {
          throw new Error();
        },
      },
    ],
  ])('is none, and the password unchanged, for %s', async (_, config) => {
    await expect(ask(config)).rejects.toMatchObject({ ...failed, cause: expect.any(Error) });
  });

  it('is none where the region cannot be told', async () => {
    const cause = new Error('Region is missing');
    await expect(ask({}, () => Promise.reject(cause))).rejects.toMatchObject({ ...failed, cause });
  });
});
