import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import {
  copied,
  isReplicated,
  knowsReplica,
  makeCertificates,
  RedisServers,
  startCluster,
} from './support/redis-forms.js';
import { describeWithRedis, freePort } from './support/redis-server.js';
import { type Reply, send, sendChange } from './support/send-change.js';
import { change, GOOD, PROVIDERS, type RunningGateway, startGateway, World, WRONG } from './support/world.js';

const SECRET = { IDEMPOTENCY_SECRET: 'one-secret-for-all-replicas-of-a-test' };

/** The rights that the README names. */
const ACL =
  'user gateway on >p@ss-w0rd ~pgw:* resetchannels -@all +evalsha +eval +script|load +get +set +del +incrby +pttl +pexpire +pexpireat +hgetall +hset +hlen +hdel +zadd +zrem +zrange +zcard +zscore +zremrangebyscore +zremrangebyrank +time +info +ping +multi +exec +expire';

describeWithRedis('Redis in its real forms', () => {
  let world: World;
  let servers: RedisServers;
  const gateways: RunningGateway[] = [];

  beforeAll(async () => {
    world = await World.start();
  });

  beforeEach(() => {
    servers = new RedisServers();
    world.sandbox.reset();
  });

  afterEach(async () => {
    await Promise.all(gateways.splice(0).map(({ close }) => close()));
    await servers.end();
  });

  afterAll(() => world.end());

  /** Two replicas, once they have Redis. */
  async function replicas(settings: Readonly<Record<string, string>>): Promise<RunningGateway[]> {
    const limits = { RATE_LIMIT_ADDRESS: '30/60', RATE_LIMIT_IDENTITY: '4/900' };
    const start = () => startGateway(world.settings({ ...SECRET, ...limits, ...settings }));
    gateways.push(...(await Promise.all([start(), start()])));
    for (const gateway of gateways) await ready(gateway);
    return gateways;
  }

  async function ready({ url }: RunningGateway): Promise<void> {
    while ((await send(`${url}/health/ready`)).json['status'] !== 'ready') await sleep(50);
  }

  /** Changes, replays, and shares limits and doubts between two replicas. */
  async function servesWell([one, other]: readonly RunningGateway[]): Promise<void> {
    if (one === undefined || other === undefined) throw new Error('two replicas are needed');
    for (const provider of PROVIDERS) {
      const person = world.user(provider);
      const headers = { ...(await person.authorise(GOOD)), 'idempotency-key': randomUUID() };
      const first = await sendChange(one.url, GOOD, { headers });
      expect(first).toMatchObject({ status: 200 });
      expect(await sendChange(other.url, GOOD, { headers })).toMatchObject({
        status: 200,
        text: first.text,
        headers: { 'idempotency-replayed': 'true' },
      });
      const guesser = world.user(provider);
      const guesses = [];
      for (let guess = 0; guess < 5; guess++) {
        guesses.push((await change(guess % 2 === 0 ? one : other, guesser, WRONG)).status);
      }
      expect(guesses).toEqual([422, 422, 422, 422, 429]);
    }
  }

  it('a cluster of three masters', async () => {
    const ports = await startCluster(servers);
    const hosts = ports.map((port) => `127.0.0.1:${port}`).join(',');
    const settings = { REDIS_URL: `redis://${hosts}`, REDIS_MODE: 'cluster' };
    const both = await replicas(settings);
    await servesWell(both);
    // Callers of all slots: each caller's keys are on one node.
    const replies = await Promise.all(
      Array.from({ length: 30 }, () =>
        change(both[0]!, world.cognitoUser(), GOOD, { headers: { 'idempotency-key': randomUUID() } }),
      ),
    );
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200]));
  }, 30_000);

  it('a master that Sentinels watch, and its failover in the middle', async () => {
    const master = await servers.start('--repl-diskless-sync-delay', '0');
    const replica = await servers.start('--replicaof', `127.0.0.1 ${master}`);
    await isReplicated(replica);
    const sentinel = await servers.startSentinel(master);
    const both = await replicas({
      REDIS_URL: `redis://127.0.0.1:${sentinel}`,
      REDIS_MODE: 'sentinel',
      REDIS_SENTINEL_MASTER: 'main',
    });
    await servesWell(both);
    const person = world.cognitoUser();
    const headers = { ...(await person.authorise(GOOD)), 'idempotency-key': randomUUID() };
    const request = (gateway: RunningGateway): Promise<Reply> => sendChange(gateway.url, GOOD, { headers });
    const first = await request(both[0]!);
    expect(first).toMatchObject({ status: 200 });
    // What the master has confirmed and not copied yet would be lost: see the README.
    await copied(master);
    await knowsReplica(sentinel);
    await servers.kill(master);
    expect(await change(both[1]!, world.cognitoUser(), GOOD)).toMatchObject({ status: 200 });
    for (const gateway of both) await ready(gateway);
    expect(await request(both[1]!)).toMatchObject({ status: 200, text: first.text });
    await servesWell(both);
  }, 60_000);

  it('TLS with a CA of one’s own, a client certificate and a user with few rights', async () => {
    makeCertificates(servers.directory);
    const path = (name: string): string => join(servers.directory, name);
    const port = await freePort();
    await servers.start(
      ...[
        '--tls-port',
        `${port}`,
        '--tls-cert-file',
        path('server.pem'),
        '--tls-key-file',
        path('server.key'),
      ],
      ...['--tls-ca-cert-file', path('ca.pem'), '--tls-auth-clients', 'yes'],
      ...['--aclfile', servers.file('users.acl', `user default off\n${ACL}\n`)],
    );
    const settings = {
      REDIS_URL: `rediss://gateway:p%40ss-w0rd@127.0.0.1:${port}`,
      REDIS_TLS_CA_FILE: path('ca.pem'),
      REDIS_TLS_CERT_FILE: path('client.pem'),
      REDIS_TLS_KEY_FILE: path('client.key'),
      REDIS_TLS_SERVERNAME: 'redis.test',
    };
    await servesWell(await replicas(settings));
  }, 30_000);
});
