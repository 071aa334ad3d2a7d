import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { Redis } from '../chaos/redis.mjs';

let redis;

/**
 * What a gateway is told to use a real Redis that is so far away.
 *
 * @param delayMs added to each answer
 */
export async function redisSettings(delayMs) {
  redis ??= await Redis.start();
  const { REDIS_URL } = redis.settings;
  const secret = { IDEMPOTENCY_SECRET: 'one secret for all replicas of a bench' };
  return { ...secret, REDIS_URL: delayMs === 0 ? REDIS_URL : await delayed(new URL(REDIS_URL), delayMs) };
}

/** Ends the Redis of the bench. */
export async function endRedis() {
  await redis?.end();
}

/** A line that holds each answer back. */
async function delayed({ hostname, port }, delayMs) {
  const server = createServer((client) => {
    const upstream = connect({ host: hostname, port: Number(port), noDelay: true });
    client.setNoDelay(true);
    client.on('error', () => upstream.destroy());
    upstream.on('error', () => client.destroy());
    client.pipe(upstream);
    upstream.on('data', (chunk) => void sleep(delayMs).then(() => client.write(chunk)));
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return `redis://127.0.0.1:${server.address().port}`;
}
