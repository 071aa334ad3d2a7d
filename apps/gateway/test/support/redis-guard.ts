import { readFileSync } from 'node:fs';

import { Certificates } from './certificates.js';
import type { Flags } from './redis-server.js';
import type { Settings } from './world.js';

const ADMIN = { user: 'admin', password: 'password-of-the-admin' };
/** With what a URL may not hold as it is. */
const GATEWAY = { user: 'gateway', password: 'p%40ss:w/rd@' };
const SERVER_NAME = 'redis.test';

/** The README's rights: those in Redis, those that a cluster adds, and those in a Sentinel. */
const [RULES, CLUSTER_RULES, SENTINEL_RULES] = readFileSync(
  new URL('../../../../README.md', import.meta.url),
  'utf8',
)
  .split('\n')
  .filter((line) => /^(user gateway on|\+asking) /.test(line))
  .map((line) => line.replace('user gateway ', '').replace('>password', `>${GATEWAY.password}`));

/** Everything that keeps others out: TLS by an authority of its own, client certificates, and users with few rights. */
export class RedisGuard {
  private readonly certificates = new Certificates(SERVER_NAME);
  private readonly aclFile = this.certificates.write(
    'users.acl',
    `user default off ~* +@all\nuser ${ADMIN.user} on >${ADMIN.password} ~* &* +@all\nuser ${GATEWAY.user} ${RULES} ${CLUSTER_RULES}\n`,
  );

  /** What a server is told. */
  get serverFlags(): Flags {
    return {
      ...this.tlsFlags,
      'tls-cluster': 'yes',
      aclfile: this.aclFile,
      masteruser: ADMIN.user,
      masterauth: ADMIN.password,
    };
  }

  /** Lines of a sentinel's configuration. */
  get sentinelLines(): readonly string[] {
    return [
      ...Object.entries(this.tlsFlags).map(([name, value]) => `${name} ${value}`),
      'user default off',
      `user ${ADMIN.user} on >${ADMIN.password} &* +@all`,
      `user ${GATEWAY.user} ${SENTINEL_RULES}`,
      `sentinel sentinel-user ${ADMIN.user}`,
      `sentinel sentinel-pass ${ADMIN.password}`,
    ];
  }

  /** Lines of what a sentinel knows of a master, without its name. */
  get masterLines(): Flags {
    return { 'auth-user': ADMIN.user, 'auth-pass': ADMIN.password };
  }

  /** What a gateway is told. */
  get settings(): Settings {
    return {
      REDIS_USERNAME: GATEWAY.user,
      REDIS_PASSWORD: GATEWAY.password,
      REDIS_TLS_CA_FILE: this.certificates.ca,
      REDIS_TLS_CERT_FILE: this.certificates.client.cert,
      REDIS_TLS_KEY_FILE: this.certificates.client.key,
      REDIS_TLS_SERVERNAME: SERVER_NAME,
    };
  }

  /** What a gateway is told of the sentinels. */
  get sentinelSettings(): Settings {
    return { REDIS_SENTINEL_USERNAME: GATEWAY.user, REDIS_SENTINEL_PASSWORD: GATEWAY.password };
  }

  /** User and password as they stand in a URL. */
  get credentials(): string {
    return `${GATEWAY.user}:${encodeURIComponent(GATEWAY.password)}`;
  }

  /** Options of `redis-cli`. */
  get cliOptions(): readonly string[] {
    const { ca, client } = this.certificates;
    const tls = ['--tls', '--cacert', ca, '--cert', client.cert, '--key', client.key, '--sni', SERVER_NAME];
    return [...tls, '--user', ADMIN.user, '--pass', ADMIN.password, '--no-auth-warning'];
  }

  /** What ends a `MIGRATE` from one server to another. */
  get migrateOptions(): readonly string[] {
    return ['AUTH2', ADMIN.user, ADMIN.password];
  }

  /** Options of a client with all rights. */
  get admin() {
    const { ca, client } = this.certificates;
    const [authority, cert, key] = [ca, client.cert, client.key].map((path) => readFileSync(path));
    return {
      username: ADMIN.user,
      password: ADMIN.password,
      tls: { ca: authority, cert, key, servername: SERVER_NAME },
    };
  }

  /** Removes its files. */
  end(): void {
    this.certificates.end();
  }

  private get tlsFlags(): Flags {
    const { ca, server } = this.certificates;
    return {
      'tls-cert-file': server.cert,
      'tls-key-file': server.key,
      'tls-ca-cert-file': ca,
      'tls-auth-clients': 'yes',
      'tls-replication': 'yes',
    };
  }
}

/** Where a server or a sentinel listens: with a guard never in clear. */
export function listenAt(port: number, guard: RedisGuard | undefined): Flags {
  return guard ? { port: 0, 'tls-port': port } : { port };
}

/** Options of a client with all rights. */
export function adminOptions(guard: RedisGuard | undefined): Partial<RedisGuard['admin']> {
  return guard?.admin ?? {};
}
