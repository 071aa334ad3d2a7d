import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

import type { GatewayConfig } from '../config/config.js';
import type { RedisClient } from './redis-client.js';

/** The connection to Redis, when one is configured. Commands fail at once while it is away; nothing is queued. */
@Injectable()
export class RedisConnection implements OnApplicationShutdown {
  private lastError: string | undefined;

  /** @param client undefined without `REDIS_URL` */
  constructor(readonly client: RedisClient | undefined) {
    client?.on('error', (error: NodeJS.ErrnoException) => {
      this.lastError = reasonOf(error);
    });
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
    try {
      return (await this.client?.set('pgw:write-check', '1', 'PX', 1_000)) === 'OK';
    } catch {
      return false;
    }
  }

  /**
   * Tells when Redis comes and goes.
   *
   * @param listener told once for each change, and why Redis went as far as is known
   */
  onChange(listener: (up: boolean, reason: string | undefined) => void): void {
    let wasUp = true;
    this.client?.on('ready', () => {
      if (!wasUp) listener(true, undefined);
      wasUp = true;
    });
    this.client?.on('close', () => {
      if (wasUp) listener(false, this.lastError);
      wasUp = false;
    });
  }

  /** Closes the connection. */
  onApplicationShutdown(): void {
    this.client?.disconnect();
  }
}

/** The code of a system error, or the class of a Redis reply (NOAUTH, OOM, READONLY); never its text. */
function reasonOf({ code, message }: NodeJS.ErrnoException): string {
  return code ?? /^[A-Z]{2,20}\b/.exec(message)?.[0] ?? 'unknown';
}
