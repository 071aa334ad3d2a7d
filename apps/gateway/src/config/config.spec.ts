import { describe, expect, it } from '@jest/globals';

import { ConfigError, GatewayConfig } from './config.js';

type Environment = Readonly<Record<string, string | undefined>>;

const POOL = 'eu-central-1_AbCdEf123';
const SECRET = '0123456789abcdef0123456789abcdef';

/** The names that a start with this environment complains of, in order. */
function offenders(environment: Environment): string[] {
  return messageOf(environment)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' ')[0] ?? '');
}

function messageOf(environment: Environment): string {
  try {
    new GatewayConfig(environment);
    return '';
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message;
  }
}

describe('defaults', () => {
  it('are those of the documentation', () => {
    expect(Object.fromEntries(Object.entries(new GatewayConfig({})))).toEqual({
      host: '127.0.0.1',
      port: 3000,
      publicUrl: '',
      cognito: { userPoolIds: [], allowAnyPool: false, regions: [], endpoint: '' },
      iam: { partitions: ['aws'], endpoint: '' },
      upstreamTimeoutMs: 10_000,
      shutdownTimeoutMs: 15_000,
      redis: undefined,
      idempotencySecret: '',
      limits: { address: { points: 30, seconds: 60 }, identity: { points: 4, seconds: 3600 } },
      allowedClients: [],
      trustedProxies: [],
      corsOrigins: [],
      awsCompatibleEndpoint: false,
      awsEndpoints: { useFipsEndpoint: false, useDualstackEndpoint: false },
      metrics: 'off',
      docs: { on: true, sandboxUrl: '' },
      logLevel: 'info',
    });
    expect(new GatewayConfig({}).cognitoOn).toBe(false);
  });

  it('hold for variables that are empty, and for others that nobody knows', () => {
    const empty = { PORT: '', PUBLIC_URL: '', COGNITO_USER_POOL_IDS: '', RATE_LIMIT_ADDRESS: '', DOCS: '' };
    expect(new GatewayConfig({ ...empty, HOME: '/', OTHER: 'x' })).toEqual(new GatewayConfig({}));
  });
});

/** Values that each variable takes, and what they make of the configuration. */
const GOOD: readonly (readonly [environment: Environment, config: object])[] = [
  [{ HOST: '0.0.0.0' }, { host: '0.0.0.0' }],
  [{ HOST: '::1' }, { host: '::1' }],
  [{ HOST: 'gateway.internal' }, { host: 'gateway.internal' }],
  [{ PORT: '0' }, { port: 0 }],
  [{ PORT: '65535' }, { port: 65_535 }],
  [{ PUBLIC_URL: 'https://passwords.example.com/api/' }, { publicUrl: 'https://passwords.example.com/api' }],
  [
    { COGNITO_USER_POOL_IDS: `${POOL}, us-gov-west-1_X` },
    { cognito: { userPoolIds: [POOL, 'us-gov-west-1_X'], regions: ['eu-central-1', 'us-gov-west-1'] } },
  ],
  [
    { COGNITO_USER_POOL_IDS: `${POOL},eu-central-1_Other` },
    { cognitoOn: true, cognito: { regions: ['eu-central-1'] } },
  ],
  [
    { COGNITO_USER_POOL_IDS: POOL, COGNITO_REGIONS: 'eu-central-1,us-east-1' },
    { cognito: { regions: ['eu-central-1', 'us-east-1'] } },
  ],
  [
    { COGNITO_ALLOW_ANY_POOL: 'true', COGNITO_REGIONS: 'us-east-1' },
    { cognitoOn: true, cognito: { allowAnyPool: true } },
  ],
  [
    { AWS_USE_FIPS_ENDPOINT: 'true' },
    { awsEndpoints: { useFipsEndpoint: true, useDualstackEndpoint: false } },
  ],
  [
    { AWS_USE_DUALSTACK_ENDPOINT: 'true' },
    { awsEndpoints: { useFipsEndpoint: false, useDualstackEndpoint: true } },
  ],
  [{ IAM_PARTITIONS: 'aws-cn,aws' }, { iam: { partitions: ['aws-cn', 'aws'] } }],
  [{ IAM_PARTITIONS: '', COGNITO_USER_POOL_IDS: POOL }, { iam: { partitions: [] } }],
  [
    { AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: 'http://127.0.0.1:4566/' },
    { cognito: { endpoint: 'http://127.0.0.1:4566' } },
  ],
  [
    { AWS_ENDPOINT_URL_IAM: 'https://vpce-1.iam.example.com' },
    { iam: { endpoint: 'https://vpce-1.iam.example.com' } },
  ],
  [{ UPSTREAM_TIMEOUT_MS: '100' }, { upstreamTimeoutMs: 100 }],
  [{ SHUTDOWN_TIMEOUT_MS: '600000' }, { shutdownTimeoutMs: 600_000 }],
  [
    { REDIS_URL: 'rediss://user:pass@redis:6379/1', IDEMPOTENCY_SECRET: SECRET },
    {
      redis: {
        mode: 'single',
        nodes: [{ host: 'redis', port: 6379 }],
        username: 'user',
        password: 'pass',
        database: 1,
        tls: {},
      },
      idempotencySecret: SECRET,
    },
  ],
  [
    {
      REDIS_URL: 'redis://:p%40ss@one,[::1]:7000,two:26380',
      REDIS_MODE: 'sentinel',
      REDIS_SENTINEL_MASTER: 'main',
      REDIS_SENTINEL_PASSWORD: 'watch',
      REDIS_USERNAME: 'gateway',
      IDEMPOTENCY_SECRET: SECRET,
    },
    {
      redis: {
        mode: 'sentinel',
        nodes: [
          { host: 'one', port: 26_379 },
          { host: '::1', port: 7000 },
          { host: 'two', port: 26_380 },
        ],
        username: 'gateway',
        password: 'p@ss',
        tls: undefined,
        sentinel: { master: 'main', username: '', password: 'watch' },
      },
    },
  ],
  [
    { REDIS_URL: 'redis://one,two', REDIS_MODE: 'cluster', REDIS_PASSWORD: 'x', IDEMPOTENCY_SECRET: SECRET },
    { redis: { mode: 'cluster', nodes: [{ host: 'one' }, { host: 'two' }], password: 'x' } },
  ],
  [{ RATE_LIMIT_ADDRESS: 'off' }, { limits: { address: undefined } }],
  [{ RATE_LIMIT_IDENTITY: '1/86400' }, { limits: { identity: { points: 1, seconds: 86_400 } } }],
  [{ ALLOWED_CLIENT_CIDRS: '10.0.0.0/8, fd00::/8' }, { allowedClients: ['10.0.0.0/8', 'fd00::/8'] }],
  [{ TRUST_PROXY: '127.0.0.1/32' }, { trustedProxies: ['127.0.0.1/32'] }],
  [{ CORS_ORIGINS: 'https://app.example.com' }, { corsOrigins: ['https://app.example.com'] }],
  [{ METRICS: 'on' }, { metrics: 'on' }],
  [{ METRICS: '127.0.0.1:9464' }, { metrics: '127.0.0.1:9464' }],
  [{ DOCS: 'off' }, { docs: { on: false, sandboxUrl: '' } }],
  [
    { DOCS_SANDBOX_URL: 'http://127.0.0.1:4566/' },
    { docs: { on: true, sandboxUrl: 'http://127.0.0.1:4566' } },
  ],
  [{ LOG_LEVEL: 'debug' }, { logLevel: 'debug' }],
];

it.each(GOOD)('takes %j', (environment, config) => {
  expect(new GatewayConfig(environment)).toMatchObject(config);
});

/** Values that each variable refuses. */
const BAD: Readonly<Record<string, readonly string[]>> = {
  HOST: ['two words', 'http://host', 'a/b'],
  PORT: ['-1', '65536', '3000.5', '0x10', '1e3', 'http', ' '],
  PUBLIC_URL: ['passwords.example.com', 'ftp://a', 'https://u:p@a', 'https://a?b', 'https://a#b', '/path'],
  COGNITO_USER_POOL_IDS: [
    'AbCdEf123',
    `${POOL},${POOL}`,
    `${POOL};us-east-1_X`,
    'https://a/us-east-1_X',
    'us-east-1_',
    `${POOL},`,
  ],
  COGNITO_ALLOW_ANY_POOL: ['maybe', '2'],
  COGNITO_REGIONS: ['frankfurt', 'eu-central', 'us-east-1,us-east-1', '169.254.169.254'],
  IAM_PARTITIONS: ['amazon', 'aws,aws', 'AWS'],
  AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: ['cognito', 'file:///etc/passwd', 'https://u:p@a'],
  AWS_ENDPOINT_URL_IAM: ['iam.amazonaws.com', 'https://a?Action=DeleteUser'],
  ALLOW_INSECURE_UPSTREAM: ['please'],
  UPSTREAM_TIMEOUT_MS: ['99', '600001', '10s', '-1', 'Infinity'],
  SHUTDOWN_TIMEOUT_MS: ['0', '1.5'],
  REDIS_URL: [
    'localhost:6379',
    'http://localhost',
    'redis://',
    'redis://a,,b',
    'redis://a:70000',
    'redis://u:%@a',
  ],
  REDIS_MODE: ['Cluster', 'replica'],
  DOCS_SANDBOX_URL: ['127.0.0.1:4566', 'http://user:pass@127.0.0.1:4566', 'file:///tmp'],
  IDEMPOTENCY_SECRET: ['short', 'x'.repeat(31)],
  RATE_LIMIT_ADDRESS: ['30', '0/60', '30/0', '30/60/1', 'none', '-1/60', '30/86401'],
  RATE_LIMIT_IDENTITY: ['4', '4/15m'],
  ALLOWED_CLIENT_CIDRS: ['10.0.0.1', '10.0.0.0/33', 'internal', '10.0.0.0/8,10.0.0.0/8'],
  TRUST_PROXY: ['1', 'true', 'loopback'],
  CORS_ORIGINS: ['*', 'app.example.com', 'https://app.example.com/', 'null'],
  METRICS: ['yes', '9464', ':9464', '127.0.0.1:99999'],
  DOCS: ['true', 'maybe'],
  LOG_LEVEL: ['verbose', 'INFO'],
};

const EACH_BAD = Object.entries(BAD).flatMap(([name, values]) => values.map((value) => ({ name, value })));

it.each(EACH_BAD)('refuses $name=$value, and names it', ({ name, value }) => {
  expect(offenders({ [name]: value })).toEqual([name]);
});

describe('the message', () => {
  const canaries = Object.fromEntries(Object.keys(BAD).map((name, index) => [name, `canary-${index}\u00e9`]));

  it('names all offenders together, each once', () => {
    expect(offenders(canaries).sort()).toEqual(Object.keys(BAD).sort());
  });

  it('holds no value', () => {
    const bad = {
      ...canaries,
      REDIS_URL: 'http://canary:canary@canary',
      PUBLIC_URL: 'https://canary:canary@canary',
    };
    expect(messageOf(bad)).not.toMatch(/canary/i);
    expect(messageOf({ AWS_ENDPOINT_URL_IAM: 'http://canary.example.com' })).not.toMatch(/canary/i);
  });

  it('says what each variable must be', () => {
    for (const line of messageOf(canaries).split('\n')) expect(line).toMatch(/^[A-Z_]+ must .{5,}$/);
  });

  it('names malformed variables, contradictions and endpoints in clear together', () => {
    const faulty = {
      PORT: 'x',
      AWS_ENDPOINT_URL_IAM: 'http://iam.example.com',
      REDIS_URL: 'redis://localhost',
    };
    expect(offenders(faulty).sort()).toEqual(['AWS_ENDPOINT_URL_IAM', 'IDEMPOTENCY_SECRET', 'PORT']);
  });
});

describe('contradictions', () => {
  it.each<readonly [string, Environment, string]>([
    ['both providers are off', { IAM_PARTITIONS: '' }, 'COGNITO_USER_POOL_IDS'],
    [
      'an allow-list and any pool',
      { COGNITO_USER_POOL_IDS: POOL, COGNITO_ALLOW_ANY_POOL: 'true' },
      'COGNITO_ALLOW_ANY_POOL',
    ],
    ['any pool of no region', { COGNITO_ALLOW_ANY_POOL: 'true' }, 'COGNITO_REGIONS'],
    [
      'a pool outside the regions',
      { COGNITO_USER_POOL_IDS: POOL, COGNITO_REGIONS: 'us-east-1' },
      'COGNITO_REGIONS',
    ],
    ['Redis without a shared secret', { REDIS_URL: 'redis://localhost' }, 'IDEMPOTENCY_SECRET'],
    ...(
      [
        ['a mode without a URL', { REDIS_URL: '', REDIS_MODE: 'cluster' }, 'REDIS_MODE'],
        ['a password without a URL', { REDIS_URL: '', REDIS_PASSWORD: 'x' }, 'REDIS_PASSWORD'],
        ['two hosts of a single Redis', { REDIS_URL: 'redis://a,b' }, 'REDIS_URL'],
        ['a database of a cluster', { REDIS_URL: 'redis://a/1', REDIS_MODE: 'cluster' }, 'REDIS_URL'],
        ['Sentinels without a master', { REDIS_MODE: 'sentinel' }, 'REDIS_SENTINEL_MASTER'],
        ['a master without Sentinels', { REDIS_SENTINEL_MASTER: 'x' }, 'REDIS_SENTINEL_MASTER'],
        ['a CA without TLS', { REDIS_TLS_CA_FILE: '/ca' }, 'REDIS_TLS_CA_FILE'],
        [
          'a certificate without its key',
          { REDIS_URL: 'rediss://a', REDIS_TLS_CERT_FILE: '/cert' },
          'REDIS_TLS_KEY_FILE',
        ],
        [
          'a CA that cannot be read',
          { REDIS_URL: 'rediss://a', REDIS_TLS_CA_FILE: '/not/there' },
          'REDIS_TLS_CA_FILE',
        ],
      ] as const
    ).map(
      ([what, more, offender]) =>
        [what, { REDIS_URL: 'redis://localhost', IDEMPOTENCY_SECRET: SECRET, ...more }, offender] as const,
    ),
    [
      'demo users for a page that is off',
      { DOCS: 'off', DOCS_SANDBOX_URL: 'http://127.0.0.1:4566' },
      'DOCS_SANDBOX_URL',
    ],
  ])('%s', (_name, environment, offender) => {
    expect(offenders(environment)).toEqual([offender]);
  });
});

describe.each(['AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER', 'AWS_ENDPOINT_URL_IAM'])(
  'plain http in %s',
  (name) => {
    it.each([
      'http://localhost:4566',
      'http://127.0.0.1',
      'http://127.1.2.3:1',
      'http://[::1]:4566',
      'https://aws.example.com',
    ])('%s is good', (url) => {
      expect(offenders({ [name]: url })).toEqual([]);
    });

    it.each([
      'http://aws.example.com',
      'HTTP://aws.example.com',
      ' http://aws.example.com',
      'ht\ntp://aws.example.com',
      'http://127.0.0.1.example.com',
      'http://localhost.example.com',
      'http://10.0.0.1',
      'http://[::2]',
      'http://0.0.0.0',
    ])('%j needs ALLOW_INSECURE_UPSTREAM', (url) => {
      expect(offenders({ [name]: url })).toEqual([name]);
      expect(offenders({ [name]: url, ALLOW_INSECURE_UPSTREAM: 'false' })).toEqual([name]);
      expect(offenders({ [name]: url, ALLOW_INSECURE_UPSTREAM: 'true' })).toEqual([]);
    });
  },
);

it('is frozen, all the way down', () => {
  const lists = {
    ALLOWED_CLIENT_CIDRS: '10.0.0.0/8',
    TRUST_PROXY: '10.0.0.0/8',
    CORS_ORIGINS: 'https://a.example',
  };
  for (const config of [
    new GatewayConfig({}),
    new GatewayConfig({ ...lists, COGNITO_USER_POOL_IDS: POOL }),
  ]) {
    for (const part of [config, ...partsOf(config)]) expect(Object.isFrozen(part)).toBe(true);
  }
});

function partsOf(value: object): object[] {
  return Object.values(value).flatMap((part: unknown) =>
    typeof part === 'object' && part !== null ? [part, ...partsOf(part)] : [],
  );
}
