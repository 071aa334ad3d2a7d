import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

import type { GatewayConfig } from '../config/config.js';
import type { RedisClient } from './redis-client.js';

/** Writes that look at a cluster: so many that each of its shards gets one, as a rule. */
const CHECKS_OF_A_CLUSTER = 16;

/** The connection to Redis, when one is configured. Commands fail at once while it is away; nothing is queued. */
@Injectable()
export class RedisConnection implements OnApplicationShutdown {
  private lastError: string | undefined;

  /** @param client undefined without `REDIS_URL` */
  constructor(readonly client: RedisClient | undefined) {
    const note = (error: RedisError): void => {
      this.lastError = reasonOf(error.lastNodeError ?? error);
    };
    client?.on('error', note);
    client?.on('node error', note);
  }

  /**
   * Connects, when Redis is configured.
   *
   * @param config for where it is
   */
  static async open({ redis }: GatewayConfig): Promise<RedisConnection> {
    if (redis === undefined) return new RedisConnection(undefined);
    // Loaded late: it takes 40 ms to load, and many gateways have no Redis.
    const { createRedisClient } = await import('./redis-client.js');
    return new RedisConnection(createRedisClient(redis));
  }

  /** Whether Redis is configured and answers. */
  get up(): boolean {
    return this.client?.status === 'ready';
  }

  /** Whether Redis takes a write: a connection to a server that hangs looks healthy, and a replica of Redis can be read. */
  async answers(): Promise<boolean> {
    const { client } = this;
    if (client === undefined) return false;
    const checks = client.isCluster ? CHECKS_OF_A_CLUSTER : 1;
    const write = (_: unknown, check: number): Promise<unknown> =>
      client.set(`pgw:write-check:${check}`, '1', 'PX', 1_000);
    const written = await Promise.allSettled(Array.from({ length: checks }, write));
    return written.every(({ status }) => status === 'fulfilled');
  }

  /**
   * Tells when Redis comes and goes.
   *
   * @param listener told once for each change, and why Redis went as far as is known
   */
  onChange(listener: (up: boolean, reason: string | undefined) => void): void {
    let wasUp = true;
    const look = (): void => {
      if (this.up === wasUp) return;
      wasUp = this.up;
      listener(wasUp, wasUp ? undefined : this.lastError);
    };
    // Sentinels that cannot be reached are told by errors alone: the connection has not begun, and does not close.
    for (const event of ['ready', 'close', 'error']) this.client?.on(event, look);
  }

  /** Closes the connection. */
  onApplicationShutdown(): void {
    this.client?.disconnect();
  }
}

/** An error of ioredis; a cluster of which no node answers says what the last one said. */
interface RedisError extends NodeJS.ErrnoException {
  readonly lastNodeError?: NodeJS.ErrnoException;
}

/** The code of a system error, or the class of a Redis reply (NOAUTH, OOM, READONLY); never its text. */
function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  const reply = /^[A-Z]{2,20}\b/.exec(message)?.[0];
  return code ?? reply ?? (/time(?:d )?out/i.test(message) ? 'ETIMEDOUT' : 'unknown');
}
