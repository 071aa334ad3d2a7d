import type { IamPartitionName } from '@password-gateway/provider-iam';
import { cleanEnv } from 'envalid';

import { ENVIRONMENT, type Limit, POOL_ID } from './environment.js';
import { readRedis, type RedisSettings } from './redis-settings.js';

export type { Limit } from './environment.js';

/** The gateway's settings, read once and frozen. The class is also the injection token. */
export class GatewayConfig {
  /** Address to listen on. */
  readonly host: string;
  /** Port to listen on; 0 takes a free one. */
  readonly port: number;
  /** Where callers see the gateway, without a slash at the end; empty when not configured. */
  readonly publicUrl: string;
  /** Amazon Cognito: allowed pools, regions, and another endpoint than AWS's own (empty for AWS's). */
  readonly cognito: {
    readonly userPoolIds: readonly string[];
    /** The allow-list is off: tokens of any pool in `regions` pass on. */
    readonly allowAnyPool: boolean;
    readonly regions: readonly string[];
    readonly endpoint: string;
  };
  /** AWS IAM: partitions that may be called (none turns IAM off), and another endpoint than AWS's own. */
  readonly iam: { readonly partitions: readonly IamPartitionName[]; readonly endpoint: string };
  /** Deadline of the whole upstream call, in milliseconds. */
  readonly upstreamTimeoutMs: number;
  /** How long running requests may take to end at shutdown, in milliseconds. */
  readonly shutdownTimeoutMs: number;
  /** Redis for shared limits and the shared ledger; undefined for this process alone. */
  readonly redis: RedisSettings | undefined;
  /** Key of all stored fingerprints; empty makes one at start. */
  readonly idempotencySecret: string;
  /** The gateway's own limits; undefined where one is off. */
  readonly limits: { readonly address: Limit | undefined; readonly identity: Limit | undefined };
  /** Networks that may call; none listed lets all. */
  readonly allowedClients: readonly string[];
  /** Proxies whose `X-Forwarded-For` is believed. */
  readonly trustedProxies: readonly string[];
  /** Origins whose pages may call from a browser. */
  readonly corsOrigins: readonly string[];
  /** Whether unmodified AWS clients may call by `POST /` and by their HTTP proxy setting. */
  readonly awsCompatibleEndpoint: boolean;
  /** Which of AWS's endpoints are called, of both services. */
  readonly awsEndpoints: { readonly useFipsEndpoint: boolean; readonly useDualstackEndpoint: boolean };
  /** `off`, `on` (the gateway's own port), or host and port of their own. */
  readonly metrics: string;
  /** Whether `/docs` and `/openapi.json` are served, and the local AWS whose demo users the page offers (empty for none). */
  readonly docs: { readonly on: boolean; readonly sandboxUrl: string };
  /** pino's level. */
  readonly logLevel: string;

  /**
   * @param environment the variables, by name
   * @throws ConfigError that names every variable at fault and no value
   */
  constructor(environment: Readonly<Record<string, string | undefined>>) {
    const { env, malformed } = readEnvironment(environment);
    this.host = env.HOST;
    this.port = env.PORT;
    this.publicUrl = env.PUBLIC_URL;
    const ownRegions = env.COGNITO_USER_POOL_IDS.map((id) => POOL_ID.exec(id)?.groups?.['region'] ?? '');
    this.cognito = Object.freeze({
      userPoolIds: env.COGNITO_USER_POOL_IDS,
      allowAnyPool: env.COGNITO_ALLOW_ANY_POOL,
      regions: env.COGNITO_REGIONS.length > 0 ? env.COGNITO_REGIONS : Object.freeze([...new Set(ownRegions)]),
      endpoint: env.AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER,
    });
    this.iam = Object.freeze({ partitions: env.IAM_PARTITIONS, endpoint: env.AWS_ENDPOINT_URL_IAM });
    this.upstreamTimeoutMs = env.UPSTREAM_TIMEOUT_MS;
    this.shutdownTimeoutMs = env.SHUTDOWN_TIMEOUT_MS;
    const redis = readRedis(env);
    this.redis = redis.settings;
    this.idempotencySecret = env.IDEMPOTENCY_SECRET;
    this.limits = Object.freeze({
      address: env.RATE_LIMIT_ADDRESS === 'off' ? undefined : env.RATE_LIMIT_ADDRESS,
      identity: env.RATE_LIMIT_IDENTITY === 'off' ? undefined : env.RATE_LIMIT_IDENTITY,
    });
    this.allowedClients = env.ALLOWED_CLIENT_CIDRS;
    this.trustedProxies = env.TRUST_PROXY;
    this.corsOrigins = env.CORS_ORIGINS;
    this.awsCompatibleEndpoint = env.AWS_COMPATIBLE_ENDPOINT;
    this.awsEndpoints = Object.freeze({
      useFipsEndpoint: env.AWS_USE_FIPS_ENDPOINT,
      useDualstackEndpoint: env.AWS_USE_DUALSTACK_ENDPOINT,
    });
    this.metrics = env.METRICS;
    this.docs = Object.freeze({ on: env.DOCS === 'on', sandboxUrl: env.DOCS_SANDBOX_URL });
    this.logLevel = env.LOG_LEVEL;
    Object.freeze(this);
    const isRefused = (name: string): boolean => malformed.some(([variable]) => variable === name);
    const faults = [
      ...malformed,
      ...(isRefused('REDIS_URL') ? [] : redis.faults),
      ...this.contradictions(ownRegions, env.REDIS_URL !== ''),
      ...(env.ALLOW_INSECURE_UPSTREAM ? [] : this.insecure()),
    ].filter(isFirstOfItsVariable);
    if (faults.length > 0) throw new ConfigError(faults);
  }

  /** The settings of this process. */
  static fromProcess(): GatewayConfig {
    return new GatewayConfig(process.env);
  }

  /** Whether Cognito users are served. */
  get cognitoOn(): boolean {
    return this.cognito.allowAnyPool || this.cognito.userPoolIds.length > 0;
  }

  private contradictions(ownRegions: readonly string[], hasRedis: boolean): Fault[] {
    const { allowAnyPool, userPoolIds, regions } = this.cognito;
    const faults: Fault[] = [];
    if (!this.cognitoOn && this.iam.partitions.length === 0) {
      faults.push(['COGNITO_USER_POOL_IDS', 'or IAM_PARTITIONS must be set: both providers are off']);
    }
    if (allowAnyPool && userPoolIds.length > 0) {
      faults.push(['COGNITO_ALLOW_ANY_POOL', 'must not be true beside COGNITO_USER_POOL_IDS: choose one']);
    }
    if (allowAnyPool && regions.length === 0) {
      faults.push(['COGNITO_REGIONS', 'must be set when COGNITO_ALLOW_ANY_POOL is true']);
    }
    if (ownRegions.some((region) => !regions.includes(region))) {
      faults.push([
        'COGNITO_REGIONS',
        'must hold the region of every pool of COGNITO_USER_POOL_IDS, or be left out',
      ]);
    }
    if (this.iam.endpoint !== '' && new URL(this.iam.endpoint).pathname !== '/') {
      faults.push(['AWS_ENDPOINT_URL_IAM', 'must not have a path: what IAM callers sign is the path /']);
    }
    if (hasRedis && this.idempotencySecret === '') {
      faults.push(['IDEMPOTENCY_SECRET', 'must be set, the same for all replicas, when REDIS_URL is set']);
    }
    if (!this.docs.on && this.docs.sandboxUrl !== '') {
      faults.push(['DOCS_SANDBOX_URL', 'must not be set when DOCS is off: it is for the documentation page']);
    }
    return faults;
  }

  private insecure(): Fault[] {
    const endpoints: Fault[] = [
      ['AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER', this.cognito.endpoint],
      ['AWS_ENDPOINT_URL_IAM', this.iam.endpoint],
    ];
    return endpoints
      .filter(([, endpoint]) => sendsInClear(endpoint))
      .map(([variable]) => [
        variable,
        'must be https: passwords would leave this machine in clear; ALLOW_INSECURE_UPSTREAM=true permits it',
      ]);
  }
}

/** A variable and what it must be. */
type Fault = readonly [variable: string, rule: string];

/** The environment is not usable. The message names every variable at fault and what it must be, never its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  /** @param faults the variables at fault */
  constructor(faults: readonly Fault[]) {
    super(faults.map(([variable, rule]) => `${variable} ${rule}`).join('\n'));
  }
}

function readEnvironment(environment: Readonly<Record<string, string | undefined>>) {
  // Compose files and Helm charts write NAME= for a variable that is not set; only these have a meaning when empty.
  const set = Object.entries(environment).filter(
    ([name, value]) => value !== '' || name === 'IAM_PARTITIONS',
  );
  const malformed: Fault[] = [];
  const clean = (variables: typeof set) =>
    cleanEnv(Object.fromEntries(variables), ENVIRONMENT, {
      reporter: ({ errors }) => {
        const names = Object.keys(errors) as (keyof typeof ENVIRONMENT)[];
        malformed.push(...names.map((name): Fault => [name, ENVIRONMENT[name].desc ?? '']));
      },
    });
  const env = clean(set);
  if (malformed.length === 0) return { env, malformed };
  // Malformed variables count as not set, so that what contradicts among the others is told together with them.
  return { env: clean(set.filter(([name]) => !malformed.some(([bad]) => bad === name))), malformed };
}

function isFirstOfItsVariable([variable]: Fault, index: number, faults: readonly Fault[]): boolean {
  return faults.findIndex(([name]) => name === variable) === index;
}

function sendsInClear(endpoint: string): boolean {
  if (!endpoint.startsWith('http:')) return false;
  const { hostname } = new URL(endpoint);
  return !/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname);
}
