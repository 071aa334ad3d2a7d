import { Injectable, type OnApplicationShutdown } from '@nestjs/common';

import type { GatewayConfig } from '../config/config.js';
import type { RedisClient, WriteCheck } from './redis-client.js';

/** How often a cluster is looked at: its client tells nobody that one of its nodes has gone. */
const LOOK_EVERY_MS = 1_000;

/** How Redis is. */
export interface RedisState {
  readonly up: boolean;
  /** Why it went, as far as is known. */
  readonly reason?: string | undefined;
  /** The nodes that are away, where others of the cluster are there. */
  readonly nodes?: readonly string[];
}

/** The connection to Redis, when one is configured. Commands fail at once while it is away; nothing is queued. */
@Injectable()
export class RedisConnection implements OnApplicationShutdown {
  private lastError: string | undefined;
  private looking: NodeJS.Timeout | undefined;
  private listener: ((state: RedisState) => void) | undefined;
  /** What was told last: nothing while Redis is there. */
  private told = '';
  private isAsking = false;

  /**
   * @param client undefined without `REDIS_URL`
   * @param writeChecks a key of each part of Redis
   */
  constructor(
    readonly client: RedisClient | undefined,
    private readonly writeChecks: () => readonly WriteCheck[] = () => [],
  ) {
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
  static async open({ redis }: Pick<GatewayConfig, 'redis'>): Promise<RedisConnection> {
    if (redis === undefined) return new RedisConnection(undefined);
    // Loaded late: it takes 40 ms to load, and many gateways have no Redis.
    const { createRedisClient, writeChecksOf } = await import('./redis-client.js');
    const client = createRedisClient(redis);
    return new RedisConnection(client, writeChecksOf(client));
  }

  /**
   * Whether Redis takes a write, each part of it: a connection to a server that hangs looks healthy, a replica of Redis can
   * be read, and a cluster goes on without one of its nodes.
   */
  async state(): Promise<RedisState> {
    const { client } = this;
    if (client?.status !== 'ready') return { up: false, reason: this.lastError };
    const checks = this.writeChecks();
    const refusals = await Promise.all(checks.map(({ key }) => refusalOf(client.set(key, '1', 'PX', 1_000))));
    const away = checks.filter((_, index) => refusals[index] !== undefined);
    if (away.length === 0) return { up: true };
    const reason =
      refusals.find((refusal) => refusal !== undefined && refusal !== 'unknown') ?? this.lastError;
    return { up: false, reason, ...(away.length < checks.length && { nodes: away.map(({ node }) => node) }) };
  }

  /**
   * Tells when Redis comes and goes, and when other nodes of a cluster do.
   *
   * @param listener told once for each change
   */
  onChange(listener: (state: RedisState) => void): void {
    const { client } = this;
    if (client === undefined) return;
    this.listener = listener;
    if (client.isCluster) {
      this.looking = setInterval(() => void this.look(), LOOK_EVERY_MS).unref();
      client.on('-node', () => void this.look());
      return;
    }
    // Sentinels that cannot be reached are told by errors alone: the connection has not begun, and does not close.
    for (const event of ['ready', 'close', 'error']) {
      client.on(event, () => {
        this.tell(client.status === 'ready' ? { up: true } : { up: false, reason: this.lastError });
      });
    }
  }

  /**
   * Notes that Redis has not answered a command, though its connection may stand all the while.
   *
   * @param error of the client
   */
  failed(error: unknown): void {
    if (this.told !== '' || this.isAsking) return;
    this.isAsking = true;
    void this.state().then((state) => {
      this.isAsking = false;
      this.tell(state.up ? { up: false, reason: reasonOf(error) } : state);
      if (this.looking === undefined) setTimeout(() => void this.look(), LOOK_EVERY_MS).unref();
    });
  }

  /** Closes the connection. */
  onApplicationShutdown(): void {
    clearInterval(this.looking);
    this.client?.disconnect();
  }

  private async look(): Promise<void> {
    this.tell(await this.state());
  }

  private tell(state: RedisState): void {
    const now = state.up ? '' : `away ${state.nodes?.join() ?? ''}`;
    if (now === this.told) return;
    this.told = now;
    this.listener?.(state);
  }
}

/** An error of ioredis; a cluster of which no node answers says what the last one said. */
interface RedisError extends NodeJS.ErrnoException {
  readonly lastNodeError?: NodeJS.ErrnoException;
}

/** Why Redis does not take a write; undefined when it does. */
async function refusalOf(write: Promise<string>): Promise<string | undefined> {
  try {
    return (await write) === 'OK' ? undefined : 'unknown';
  } catch (error) {
    return reasonOf(error);
  }
}

/** The code of a system error, or the class of a Redis reply (NOAUTH, OOM, READONLY); never its text. */
function reasonOf(error: unknown): string {
  const { code, message = '' } = Object(error) as Partial<NodeJS.ErrnoException>;
  const reply = /^[A-Z]{2,20}\b/.exec(message)?.[0];
  if (/time(?:d )?out/i.test(message)) return code ?? 'ETIMEDOUT';
  return code ?? reply ?? (message.includes('closed') ? 'closed' : 'unknown');
}
