import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Redis } from 'ioredis';

import { GatewayConfig } from '../config/config.js';

/** A healthy Redis answers within a millisecond or two; nobody waits longer than this for a sick one. */
const COMMAND_TIMEOUT_MS = 250;
const RECONNECT_EVERY_MS = 500;

/**
 * A client that drops a connection whose server hangs, so that only one round of commands waits for it: the next fail
 * at once, until the connection stands again.
 */
class ImpatientRedis extends Redis {
  override sendCommand(...[command, stream]: Parameters<Redis['sendCommand']>): unknown {
    void command.promise.catch((error: unknown) => {
      if (error instanceof Error && error.message === 'Command timed out') this.disconnect(true);
    });
    return super.sendCommand(command, stream);
  }
}

/** The connection to Redis, when one is configured. Commands fail at once while it is away; nothing is queued. */
@Injectable()
export class RedisConnection implements OnApplicationShutdown {
  /** Undefined without `REDIS_URL`. */
  readonly client: Redis | undefined;

  /** @param config for the URL */
  constructor(config: GatewayConfig) {
    if (config.redisUrl === '') return;
    this.client = new ImpatientRedis(config.redisUrl, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      commandTimeout: COMMAND_TIMEOUT_MS,
      connectTimeout: 1_000,
      retryStrategy: () => RECONNECT_EVERY_MS,
    });
    // Without a listener ioredis prints the error; the state is told by readiness, metrics and answers.
    this.client.on('error', () => undefined);
  }

  /** Whether Redis is configured and answers. */
  get up(): boolean {
    return this.client?.status === 'ready';
  }

  /**
   * Tells when Redis comes and goes.
   *
   * @param listener told once for each change
   */
  onChange(listener: (up: boolean) => void): void {
    let wasUp = true;
    this.client?.on('ready', () => {
      if (!wasUp) listener(true);
      wasUp = true;
    });
    this.client?.on('close', () => {
      if (wasUp) listener(false);
      wasUp = false;
    });
  }

  /** Closes the connection. */
  onApplicationShutdown(): void {
    this.client?.disconnect();
  }
}
