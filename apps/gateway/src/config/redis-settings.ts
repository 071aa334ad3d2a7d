import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';

/** One server. */
export interface RedisNode {
  readonly host: string;
  readonly port: number;
}

/** How Redis is reached. */
export interface RedisSettings {
  readonly mode: 'single' | 'cluster' | 'sentinel';
  /** The server, nodes of the cluster, or the Sentinels. */
  readonly nodes: readonly RedisNode[];
  /** Empty without one. */
  readonly username: string;
  /** Empty without one. */
  readonly password: string;
  readonly database: number;
  /** Undefined where the connection is in clear. */
  readonly tls:
    | {
        readonly ca?: string;
        readonly cert?: string;
        readonly key?: string;
        readonly servername?: string;
      }
    | undefined;
  /** Empty but in mode `sentinel`. */
  readonly sentinel: { readonly master: string; readonly username: string; readonly password: string };
}

/** The variables that say how Redis is reached. */
export interface RedisVariables {
  readonly REDIS_URL: string;
  readonly REDIS_MODE: RedisSettings['mode'];
  readonly REDIS_USERNAME: string;
  readonly REDIS_PASSWORD: string;
  readonly REDIS_SENTINEL_MASTER: string;
  readonly REDIS_SENTINEL_USERNAME: string;
  readonly REDIS_SENTINEL_PASSWORD: string;
  readonly REDIS_TLS_CA_FILE: string;
  readonly REDIS_TLS_CERT_FILE: string;
  readonly REDIS_TLS_KEY_FILE: string;
  readonly REDIS_TLS_SERVERNAME: string;
}

const DEFAULT_PORT = { single: 6379, cluster: 6379, sentinel: 26379 } as const;

/** One URL with one host or several: `redis://user:password@one:6379,two:6379/0`. */
const URL_FORM =
  /^(?<scheme>rediss?):\/\/(?:(?<username>[^:@/]*)(?::(?<password>[^@/]*))?@)?(?<hosts>[^@/?#]+)(?:\/(?<database>\d{0,2}))?$/;
const HOST_FORM = /^(?:\[(?<v6>[\da-f:]+)\]|(?<name>[\w.-]+))(?::(?<port>\d{1,5}))?$/i;

/** Whether a text is the URL of one Redis or of several. */
export function isRedisUrl(text: string): boolean {
  const { hosts, username = '', password = '' } = URL_FORM.exec(text)?.groups ?? {};
  if (hosts === undefined) return false;
  const all = hosts.toLowerCase().split(',');
  const areDifferent = new Set(all).size === all.length;
  return areDifferent && all.every(isHost) && isEncoded(username) && isEncoded(password);
}

function isHost(host: string): boolean {
  const { v6, name, port = '1' } = HOST_FORM.exec(host)?.groups ?? {};
  const isNamed = v6 === undefined ? name !== undefined : isIPv6(v6);
  return isNamed && Number(port) >= 1 && Number(port) <= 65_535;
}

function isEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

/**
 * Reads how Redis is reached.
 *
 * @param env the variables, each right by itself
 * @returns undefined settings where no Redis is configured, and each variable that contradicts another, with what it must be
 */
export function readRedis(env: RedisVariables): {
  readonly settings: RedisSettings | undefined;
  readonly faults: readonly (readonly [variable: string, rule: string])[];
} {
  const faults = contradictions(env);
  if (env.REDIS_URL === '' || faults.length > 0) return { settings: undefined, faults };
  const mode = env.REDIS_MODE;
  const {
    scheme,
    username = '',
    password = '',
    hosts = '',
    database = '',
  } = URL_FORM.exec(env.REDIS_URL)?.groups ?? {};
  const tls = scheme === 'rediss' ? readTls(env, faults) : undefined;
  const settings: RedisSettings = Object.freeze({
    mode,
    nodes: hosts.split(',').map((host) => readHost(host, DEFAULT_PORT[mode])),
    username: env.REDIS_USERNAME === '' ? decodeURIComponent(username) : env.REDIS_USERNAME,
    password: env.REDIS_PASSWORD === '' ? decodeURIComponent(password) : env.REDIS_PASSWORD,
    database: Number(database),
    tls,
    sentinel: {
      master: env.REDIS_SENTINEL_MASTER,
      username: env.REDIS_SENTINEL_USERNAME,
      password: env.REDIS_SENTINEL_PASSWORD,
    },
  });
  return { settings: faults.length > 0 ? undefined : settings, faults };
}

function contradictions(env: RedisVariables): [string, string][] {
  const faults: [string, string][] = [];
  const isSet = (name: keyof RedisVariables): boolean => env[name] !== '' && env[name] !== 'single';
  const {
    scheme,
    hosts = '',
    database = '',
    username = '',
    password = '',
  } = URL_FORM.exec(env.REDIS_URL)?.groups ?? {};
  const names = Object.keys(env) as (keyof RedisVariables)[];
  const refuse = (wanted: string, rule: string): void => {
    const found = names.filter((name) => name.startsWith(wanted) && name !== 'REDIS_URL' && isSet(name));
    faults.push(...found.map((name): [string, string] => [name, rule]));
  };
  if (env.REDIS_URL === '') refuse('REDIS_', 'must not be set without REDIS_URL');
  else {
    if (env.REDIS_MODE !== 'sentinel') {
      refuse('REDIS_SENTINEL_', 'must not be set unless REDIS_MODE is sentinel');
    } else if (env.REDIS_SENTINEL_MASTER === '') {
      faults.push(['REDIS_SENTINEL_MASTER', 'must be set when REDIS_MODE is sentinel']);
    }
    if (scheme === 'redis') refuse('REDIS_TLS_', 'must not be set unless REDIS_URL begins with rediss:');
    if (env.REDIS_MODE === 'single' && hosts.includes(',')) {
      faults.push(['REDIS_URL', 'must name one host unless REDIS_MODE is cluster or sentinel']);
    }
    if (env.REDIS_MODE === 'cluster' && Number(database) !== 0) {
      faults.push(['REDIS_URL', 'must not name a database when REDIS_MODE is cluster: a cluster has only 0']);
    }
    if (env.REDIS_USERNAME + username !== '' && env.REDIS_PASSWORD + password === '') {
      faults.push(['REDIS_PASSWORD', 'must be set, here or in REDIS_URL, for a user']);
    }
    if (env.REDIS_SENTINEL_USERNAME !== '' && env.REDIS_SENTINEL_PASSWORD === '') {
      faults.push(['REDIS_SENTINEL_PASSWORD', 'must be set for REDIS_SENTINEL_USERNAME']);
    }
    if ((env.REDIS_TLS_CERT_FILE === '') !== (env.REDIS_TLS_KEY_FILE === '')) {
      const missing = env.REDIS_TLS_CERT_FILE === '' ? 'REDIS_TLS_CERT_FILE' : 'REDIS_TLS_KEY_FILE';
      faults.push([missing, 'must be set: a client certificate needs its key, and a key its certificate']);
    }
  }
  return faults;
}

function readTls(env: RedisVariables, faults: [string, string][]): NonNullable<RedisSettings['tls']> {
  type File = 'REDIS_TLS_CA_FILE' | 'REDIS_TLS_CERT_FILE' | 'REDIS_TLS_KEY_FILE';
  const content = (name: File): string | undefined => {
    if (env[name] === '') return undefined;
    try {
      return readFileSync(env[name], 'utf8');
    } catch {
      faults.push([name, 'must be the path of a file that the gateway can read']);
      return undefined;
    }
  };
  const check = (name: File, isRight: boolean, rule: string): void => {
    if (!isRight) faults.push([name, rule]);
  };
  const [ca, cert, key] = [
    content('REDIS_TLS_CA_FILE'),
    content('REDIS_TLS_CERT_FILE'),
    content('REDIS_TLS_KEY_FILE'),
  ];
  if (ca !== undefined) check('REDIS_TLS_CA_FILE', isCertificate(ca), 'must hold certificates in PEM');
  if (cert !== undefined) check('REDIS_TLS_CERT_FILE', isCertificate(cert), 'must hold a certificate in PEM');
  if (cert !== undefined && key !== undefined && isCertificate(cert)) {
    const rule = 'must hold the key of REDIS_TLS_CERT_FILE in PEM, without a passphrase';
    check('REDIS_TLS_KEY_FILE', isPair(cert, key), rule);
  }
  const servername = env.REDIS_TLS_SERVERNAME;
  return {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(servername !== '' && { servername }),
  };
}

function readHost(host: string, defaultPort: number): RedisNode {
  const { v6, name = '', port } = HOST_FORM.exec(host)?.groups ?? {};
  return { host: v6 ?? name, port: port === undefined ? defaultPort : Number(port) };
}

/** Node itself takes any text for an authority, and then trusts none. */
function isCertificate(pem: string): boolean {
  try {
    new X509Certificate(pem);
    return true;
  } catch {
    return false;
  }
}

function isPair(cert: string, key: string): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}
