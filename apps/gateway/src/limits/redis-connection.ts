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
  private lastError: string | undefined;

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
    this.client.on('error', (error: NodeJS.ErrnoException) => {
      this.lastError = reasonOf(error);
    });
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
