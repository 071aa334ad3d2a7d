import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { Certificates } from '../../test/support/certificates.js';
import { ConfigError, GatewayConfig } from './config.js';

type Environment = Readonly<Record<string, string>>;

const SENTINEL = { REDIS_URL: 'redis://a,b', REDIS_MODE: 'sentinel', REDIS_SENTINEL_MASTER: 'pgw' };

let files: Certificates;

beforeAll(() => {
  files = new Certificates('redis.test');
});

afterAll(() => {
  files.end();
});

function config(environment: Environment): GatewayConfig {
  return new GatewayConfig({ IDEMPOTENCY_SECRET: 'x'.repeat(32), ...environment });
}

function complaint(environment: Environment): string {
  try {
    config(environment);
    return '';
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.message;
  }
}

function offenders(environment: Environment): string[] {
  return complaint(environment)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' ')[0] ?? '');
}

it('without a URL there is none', () => {
  expect(config({}).redis).toBeUndefined();
});

it('a URL alone is a server in clear', () => {
  expect(config({ REDIS_URL: 'redis://localhost' }).redis).toEqual({
    mode: 'single',
    nodes: [{ host: 'localhost', port: 6379 }],
    database: 0,
    username: '',
    password: '',
    tls: undefined,
    sentinel: { master: '', username: '', password: '' },
  });
});

it.each<readonly [Environment, object]>([
  [{ REDIS_URL: 'redis://h:1', REDIS_MODE: 'single' }, { nodes: [{ host: 'h', port: 1 }] }],
  [{ REDIS_URL: 'redis://H/0' }, { nodes: [{ host: 'H', port: 6379 }], database: 0 }],
  [{ REDIS_URL: 'redis://h/15' }, { database: 15 }],
  [{ REDIS_URL: 'redis://h/' }, { database: 0 }],
  [{ REDIS_URL: 'redis://[::1]:7000' }, { nodes: [{ host: '::1', port: 7000 }] }],
  [{ REDIS_URL: 'redis://[fd00::1]' }, { nodes: [{ host: 'fd00::1', port: 6379 }] }],
  [{ REDIS_URL: 'rediss://h' }, { tls: {} }],
  [{ REDIS_URL: 'redis://us%40er:p%3A%2F%40%25@h' }, { username: 'us@er', password: 'p:/@%' }],
  [{ REDIS_URL: 'redis://:pw@h' }, { username: '', password: 'pw' }],
  [{ REDIS_URL: 'redis://user:p:w@h' }, { username: 'user', password: 'p:w' }],
  [
    { REDIS_URL: 'redis://old:older@h', REDIS_USERNAME: 'user', REDIS_PASSWORD: 'p%40 w' },
    { username: 'user', password: 'p%40 w' },
  ],
  [
    { REDIS_URL: 'redis://user@h', REDIS_PASSWORD: 'pw' },
    { username: 'user', password: 'pw' },
  ],
  [
    { REDIS_URL: 'rediss://user:pw@a:6379,b', REDIS_MODE: 'cluster' },
    {
      mode: 'cluster',
      nodes: [
        { host: 'a', port: 6379 },
        { host: 'b', port: 6379 },
      ],
      username: 'user',
      tls: {},
    },
  ],
  [
    { REDIS_URL: 'redis://a/0', REDIS_MODE: 'cluster' },
    { mode: 'cluster', database: 0 },
  ],
  [
    { ...SENTINEL, REDIS_URL: 'redis://user:pw@a,b:1/2' },
    {
      mode: 'sentinel',
      nodes: [
        { host: 'a', port: 26_379 },
        { host: 'b', port: 1 },
      ],
      database: 2,
      username: 'user',
      sentinel: { master: 'pgw', username: '', password: '' },
    },
  ],
  [
    { ...SENTINEL, REDIS_SENTINEL_USERNAME: 'user', REDIS_SENTINEL_PASSWORD: 'pw' },
    { username: '', sentinel: { username: 'user', password: 'pw' } },
  ],
  [{ REDIS_URL: 'rediss://h', REDIS_TLS_SERVERNAME: 'redis.test' }, { tls: { servername: 'redis.test' } }],
])('takes %j', (environment, redis) => {
  expect(config(environment).redis).toMatchObject(redis);
});

it.each([
  'localhost:6379',
  'http://h',
  'redis:h',
  'redis://',
  'redis:///1',
  'redis://h/x',
  'redis://h/1/2',
  'redis://h?family=6',
  'redis://h#1',
  'redis://h:0',
  'redis://h:65536',
  'redis://h:x',
  'redis://h ',
  'redis://[::g]',
  'redis://[]:1',
  'redis://::1',
  'redis://u:p@w@h',
  'redis://u:%zz@h',
  'redis://a,b,',
  'redis://a, b',
  'redis://a,a',
  'redis://a,A',
  'redis://a,redis://b',
  'redis://u:p@a,u:p@b',
  'unix:///tmp/redis.sock',
])('refuses REDIS_URL=%s in every mode', (url) => {
  for (const mode of [{}, { REDIS_MODE: 'cluster' }, { ...SENTINEL }]) {
    expect(offenders({ ...mode, REDIS_URL: url })).toEqual(['REDIS_URL']);
  }
});

it.each<readonly [string, Environment, string]>([
  ['two servers', { REDIS_URL: 'redis://a,b' }, 'REDIS_URL'],
  ['a database of a cluster', { REDIS_URL: 'redis://a/1', REDIS_MODE: 'cluster' }, 'REDIS_URL'],
  ['a mode that nobody knows', { REDIS_URL: 'redis://a', REDIS_MODE: 'Cluster' }, 'REDIS_MODE'],
  ['a mode and no URL', { REDIS_MODE: 'cluster' }, 'REDIS_MODE'],
  ['a password and no URL', { REDIS_PASSWORD: 'pw' }, 'REDIS_PASSWORD'],
  ['a server name and no URL', { REDIS_TLS_SERVERNAME: 'h' }, 'REDIS_TLS_SERVERNAME'],
  ['a user without a password', { REDIS_URL: 'redis://a', REDIS_USERNAME: 'u' }, 'REDIS_PASSWORD'],
  ['a user of the URL without a password', { REDIS_URL: 'redis://u@a' }, 'REDIS_PASSWORD'],
  ['no master', { REDIS_URL: 'redis://a', REDIS_MODE: 'sentinel' }, 'REDIS_SENTINEL_MASTER'],
  ['a master that is no name', { ...SENTINEL, REDIS_SENTINEL_MASTER: 'a b' }, 'REDIS_SENTINEL_MASTER'],
  [
    'a master of one server',
    { ...SENTINEL, REDIS_URL: 'redis://a', REDIS_MODE: '' },
    'REDIS_SENTINEL_MASTER',
  ],
  ['a master of a cluster', { ...SENTINEL, REDIS_MODE: 'cluster' }, 'REDIS_SENTINEL_MASTER'],
  [
    "a sentinel's password for a cluster",
    { REDIS_URL: 'redis://a', REDIS_MODE: 'cluster', REDIS_SENTINEL_PASSWORD: 'pw' },
    'REDIS_SENTINEL_PASSWORD',
  ],
  [
    "a sentinel's user without a password",
    { ...SENTINEL, REDIS_SENTINEL_USERNAME: 'u' },
    'REDIS_SENTINEL_PASSWORD',
  ],
  ['a server name in clear', { REDIS_URL: 'redis://a', REDIS_TLS_SERVERNAME: 'h' }, 'REDIS_TLS_SERVERNAME'],
  [
    'a server name that is none',
    { REDIS_URL: 'rediss://a', REDIS_TLS_SERVERNAME: 'a:1' },
    'REDIS_TLS_SERVERNAME',
  ],
])('%s stops the start', (_name, environment, offender) => {
  expect(offenders(environment)).toEqual([offender]);
});

it('several contradictions are told together, and no value', () => {
  const environment = {
    PORT: 'canary',
    REDIS_URL: 'redis://canary:canary@canary',
    REDIS_SENTINEL_MASTER: 'canary',
    REDIS_SENTINEL_PASSWORD: 'canary',
    REDIS_TLS_SERVERNAME: 'canary',
  };
  const wrong = Object.keys(environment).filter((name) => name !== 'REDIS_URL');
  expect(offenders(environment).sort()).toEqual(wrong.sort());
  expect(complaint(environment)).not.toContain('canary');
});

describe('TLS files', () => {
  const tls = (more: Environment): Environment => ({ REDIS_URL: 'rediss://h', ...more });

  it('are read', () => {
    const { ca, client } = files;
    const environment = tls({
      REDIS_TLS_CA_FILE: ca,
      REDIS_TLS_CERT_FILE: client.cert,
      REDIS_TLS_KEY_FILE: client.key,
    });
    expect(config(environment).redis?.tls).toEqual({
      ca: expect.stringContaining('BEGIN CERTIFICATE'),
      cert: expect.stringContaining('BEGIN CERTIFICATE'),
      key: expect.stringContaining('PRIVATE KEY'),
    });
  });

  it.each(['REDIS_TLS_CA_FILE', 'REDIS_TLS_CERT_FILE', 'REDIS_TLS_KEY_FILE'])(
    '%s that cannot be read, or holds nothing of the kind, stops the start',
    (name) => {
      const [empty, canary] = [files.write('empty', ''), files.write('canary', 'no PEM')];
      const pair = { REDIS_TLS_CERT_FILE: files.client.cert, REDIS_TLS_KEY_FILE: files.client.key };
      for (const path of ['/no/such/canary', '/', empty, canary]) {
        const environment = tls({ ...pair, [name]: path });
        expect(offenders(environment)).toEqual([name]);
        expect(complaint(environment)).not.toMatch(/canary|ENOENT|no PEM/);
      }
    },
  );

  it.each<readonly [string, () => Environment, string]>([
    ['in clear', () => ({ REDIS_URL: 'redis://h', REDIS_TLS_CA_FILE: files.ca }), 'REDIS_TLS_CA_FILE'],
    ['a key for an authority', () => tls({ REDIS_TLS_CA_FILE: files.client.key }), 'REDIS_TLS_CA_FILE'],
    ['no key', () => tls({ REDIS_TLS_CERT_FILE: files.client.cert }), 'REDIS_TLS_KEY_FILE'],
    ['no certificate', () => tls({ REDIS_TLS_KEY_FILE: files.client.key }), 'REDIS_TLS_CERT_FILE'],
    [
      'the key of another certificate',
      () => tls({ REDIS_TLS_CERT_FILE: files.client.cert, REDIS_TLS_KEY_FILE: files.server.key }),
      'REDIS_TLS_KEY_FILE',
    ],
    [
      'a key for a certificate',
      () => tls({ REDIS_TLS_CERT_FILE: files.client.key, REDIS_TLS_KEY_FILE: files.client.key }),
      'REDIS_TLS_CERT_FILE',
    ],
  ])('%s: stops the start', (_name, environment, offender) => {
    expect(offenders(environment())).toEqual([offender]);
  });
});
