import { IAM_PARTITION_NAMES, type IamPartitionName } from '@password-gateway/provider-iam';
import { bool, makeExactValidator, str } from 'envalid';
import ipaddr from 'ipaddr.js';

import { isRedisUrl } from './redis-settings.js';

/**
 * Pool ids name their region first, for instance `eu-central-1_AbCdEf123`. Tokens of pools in China and in the European
 * Sovereign Cloud have issuers that aws-jwt-verify does not know, so these regions are refused at start.
 *
 * Source: Cognito API reference, UserPoolId.
 */
export const POOL_ID = /^(?<region>(?!cn-)[a-z]{2}-(?:gov-)?[a-z]+-\d)_[A-Za-z0-9]{1,55}$/;

const REGION = /^(?!cn-)[a-z]{2}-(?:gov-)?[a-z]+-\d$/;

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const;

const port = makeExactValidator((input) => integer(input, 0, 65_535));

const milliseconds = makeExactValidator((input) => integer(input, 100, 600_000));

const host = makeExactValidator((input) => accept(input, /^[\w.:-]{1,253}$/.test(input)));

const url = makeExactValidator((input) => {
  if (input === '') return '';
  const { protocol, search, hash, username, password, href } = parseUrl(input);
  const plain = search + hash + username + password === '';
  // As it was read, not as it was written: `HTTP:` and stray white space are for no later check to know about.
  return accept(href.replace(/\/+$/, ''), plain && ['http:', 'https:'].includes(protocol));
});

const poolIds = listOf((item): item is string => POOL_ID.test(item));
const regions = listOf((item): item is string => REGION.test(item));
const partitions = listOf((item): item is IamPartitionName =>
  (IAM_PARTITION_NAMES as string[]).includes(item),
);

const redisUrl = makeExactValidator((input) => accept(input, isRedisUrl(input)));

const text = makeExactValidator((input) => input);

const name = makeExactValidator((input) => accept(input, /^[\w.-]{1,253}$/.test(input)));

const secret = makeExactValidator((input) => accept(input, input.length >= 32));

/** Points per seconds. */
export interface Limit {
  readonly points: number;
  readonly seconds: number;
}

const limit = makeExactValidator((input): Limit | 'off' => {
  if (input === 'off') return input;
  const [points = '', seconds = '', ...rest] = input.split('/');
  if (rest.length > 0) throw new Error('refused');
  return Object.freeze({ points: integer(points, 1, 1_000_000), seconds: integer(seconds, 1, 86_400) });
});

const cidrs = listOf((item): item is string => ipaddr.isValidCIDR(item));

const origins = listOf((item): item is string => /^https?:\/\//.test(item) && new URL(item).origin === item);

const NONE: readonly never[] = Object.freeze([]);

const LIMIT_RULE = 'must be <points>/<seconds> such as 30/60, or off';
const CIDR_RULE = 'must be a comma-separated list of networks such as 10.0.0.0/8, each once';

/** Where metrics are served: not at all, on the gateway's own port, or on another address. */
const metrics = makeExactValidator((input) => {
  if (input === 'off' || input === 'on') return input;
  const [, port = ''] = /^[\w.-]{1,253}:(\d{1,5})$/.exec(input) ?? [];
  integer(port, 0, 65_535);
  return input;
});

/**
 * The variables that the gateway reads, in envalid's form. `desc` says what a variable must be; it is what the start-up
 * message prints beside the name of a variable at fault. An empty value counts as not set.
 */
export const ENVIRONMENT = {
  HOST: host({ default: '127.0.0.1', desc: 'must be a host name or an IP address' }),
  PORT: port({ default: 3000, desc: 'must be a port number from 0 to 65535' }),
  PUBLIC_URL: url({
    default: '',
    desc: 'must be an http or https URL without credentials, query or fragment',
  }),
  COGNITO_USER_POOL_IDS: poolIds({
    default: NONE,
    desc: 'must be a comma-separated list of user pool ids such as eu-central-1_AbCdEf123, each once',
  }),
  COGNITO_ALLOW_ANY_POOL: bool({ default: false, desc: 'must be true or false' }),
  COGNITO_REGIONS: regions({
    default: NONE,
    desc: 'must be a comma-separated list of AWS regions such as eu-central-1, each once',
  }),
  IAM_PARTITIONS: partitions({
    default: Object.freeze(['aws'] as const),
    desc: `must be a comma-separated list, each once, of ${IAM_PARTITION_NAMES.join(', ')}; empty turns IAM off`,
  }),
  AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: url({
    default: '',
    desc: 'must be an http or https URL without credentials, query or fragment',
  }),
  AWS_ENDPOINT_URL_IAM: url({
    default: '',
    desc: 'must be an http or https URL without credentials, query or fragment',
  }),
  ALLOW_INSECURE_UPSTREAM: bool({ default: false, desc: 'must be true or false' }),
  UPSTREAM_TIMEOUT_MS: milliseconds({ default: 10_000, desc: 'must be milliseconds from 100 to 600000' }),
  SHUTDOWN_TIMEOUT_MS: milliseconds({ default: 15_000, desc: 'must be milliseconds from 100 to 600000' }),
  REDIS_URL: redisUrl({
    default: '',
    desc: 'must be a redis:// or rediss:// URL, with one host or several such as rediss://one:6379,two:6379',
  }),
  REDIS_MODE: str({
    choices: ['single', 'cluster', 'sentinel'] as const,
    default: 'single',
    desc: 'must be single, cluster or sentinel',
  }),
  REDIS_USERNAME: text({ default: '', desc: 'must be the name of a Redis user' }),
  REDIS_PASSWORD: text({ default: '', desc: 'must be the password of the Redis user' }),
  REDIS_SENTINEL_MASTER: name({ default: '', desc: 'must be the name that the Sentinels give the master' }),
  REDIS_SENTINEL_USERNAME: text({ default: '', desc: 'must be the name of a user of the Sentinels' }),
  REDIS_SENTINEL_PASSWORD: text({ default: '', desc: 'must be the password of that user' }),
  REDIS_TLS_CA_FILE: text({ default: '', desc: 'must be the path of a PEM file' }),
  REDIS_TLS_CERT_FILE: text({ default: '', desc: 'must be the path of a PEM file' }),
  REDIS_TLS_KEY_FILE: text({ default: '', desc: 'must be the path of a PEM file' }),
  REDIS_TLS_SERVERNAME: name({ default: '', desc: 'must be the name in the certificate of Redis' }),
  IDEMPOTENCY_SECRET: secret({ default: '', desc: 'must have at least 32 characters' }),
  RATE_LIMIT_ADDRESS: limit({ default: Object.freeze({ points: 30, seconds: 60 }), desc: LIMIT_RULE }),
  // Amazon Cognito takes 5 changes of a user in an hour (developer guide, "Quotas"): one is left for the right password.
  RATE_LIMIT_IDENTITY: limit({ default: Object.freeze({ points: 4, seconds: 3600 }), desc: LIMIT_RULE }),
  ALLOWED_CLIENT_CIDRS: cidrs({ default: NONE, desc: CIDR_RULE }),
  TRUST_PROXY: cidrs({ default: NONE, desc: CIDR_RULE }),
  CORS_ORIGINS: origins({
    default: NONE,
    desc: 'must be a comma-separated list of origins such as https://app.example.com, each once',
  }),
  AWS_USE_FIPS_ENDPOINT: bool({ default: false, desc: 'must be true or false' }),
  AWS_USE_DUALSTACK_ENDPOINT: bool({ default: false, desc: 'must be true or false' }),
  AWS_COMPATIBLE_ENDPOINT: bool({ default: false, desc: 'must be true or false' }),
  METRICS: metrics({ default: 'off', desc: 'must be off, on, or a host and port such as 127.0.0.1:9464' }),
  DOCS: str({ choices: ['on', 'off'] as const, default: 'on', desc: 'must be on or off' }),
  DOCS_SANDBOX_URL: url({
    default: '',
    desc: 'must be an http or https URL without credentials, query or fragment',
  }),
  LOG_LEVEL: str({ choices: LOG_LEVELS, default: 'info', desc: `must be one of ${LOG_LEVELS.join(', ')}` }),
};

function integer(input: string, min: number, max: number): number {
  const value = Number(input);
  return accept(value, /^\d+$/.test(input) && value >= min && value <= max);
}

function listOf<Item extends string>(isItem: (item: string) => item is Item) {
  return makeExactValidator((input): readonly Item[] => {
    const items = input.trim() === '' ? [] : input.split(',').map((item) => item.trim());
    if (!items.every(isItem) || new Set(items).size < items.length) throw new Error('refused');
    return Object.freeze(items);
  });
}

function parseUrl(input: string): URL {
  if (!URL.canParse(input)) throw new Error('refused');
  return new URL(input);
}

/** The text is never shown: envalid wants an exception, the start-up message prints `desc`. */
function accept<Value>(value: Value, accepted: boolean): Value {
  if (!accepted) throw new Error('refused');
  return value;
}
