import type { BeforeApplicationShutdown } from '@nestjs/common';
import type { Redis } from 'ioredis';

import { type Claim, type RecordStore, StoreUnavailable } from './record-store.js';
import type { RedisConnection } from './redis-connection.js';

const PREFIX = 'pgw:record:';

/** One round trip, so that two replicas cannot both claim; the lease runs on Redis's clock, which they share. */
const CLAIM = `
local found = redis.call('GET', KEYS[1])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if found then return {found, string.format('%.0f', now)} end
redis.call('SET', KEYS[1], ARGV[1] .. ' started ' .. string.format('%.0f', now + ARGV[3]) .. ' ' .. ARGV[2], 'PX', ARGV[4])
return {'', ''}`;

/** Deletes a started record of this run and no other. */
const RELEASE = `
local found = redis.call('GET', KEYS[1])
if found and string.find(found, ' started ', 1, true) and string.sub(found, -string.len(ARGV[1])) == ARGV[1] then
  redis.call('DEL', KEYS[1])
end
return 1`;

const RETRY_EVERY_MS = 1_000;
const MAX_LATE_WRITES = 10_000;

/**
 * Records in Redis, shared by replicas. They survive a crash of Redis only with `appendonly yes`,
 * `appendfsync always` and `maxmemory-policy noeviction`.
 */
export class RedisRecordStore implements RecordStore, BeforeApplicationShutdown {
  /** @inheritdoc */
  readonly shared = true;
  private readonly redis: Redis;
  /** Ends of runs that Redis did not take yet. Lost with the process, which then ends as `outcome_unresolved`. */
  private readonly lateWrites = new Set<() => Promise<unknown>>();
  private timer: NodeJS.Timeout | undefined;

  /** @param connection a connection to a configured Redis */
  constructor(private readonly connection: RedisConnection) {
    if (connection.client === undefined) throw new Error('no Redis is configured');
    this.redis = connection.client;
  }

  /** @inheritdoc */
  async claim(key: string, fingerprint: string, run: string, leaseMs: number, ttlMs: number): Promise<Claim> {
    let reply: string[];
    try {
      const command = this.redis.eval(CLAIM, 1, PREFIX + key, fingerprint, run, leaseMs, ttlMs);
      reply = (await reachable(command)) as string[];
    } catch (error) {
      // A Redis that hangs may still carry the claim out later, though nothing is going to run under it.
      this.writeLate(() => this.redis.eval(RELEASE, 1, PREFIX + key, run));
      throw error;
    }
    const [found = '', now = ''] = reply;
    if (found === '') return { state: 'claimed' };
    const record = parse(found);
    return record.state === 'started'
      ? {
          state: 'started',
          fingerprint: record.fingerprint,
          leaseOver: Number.parseInt(record.rest, 10) <= Number(now),
        }
      : { state: 'settled', fingerprint: record.fingerprint, value: record.rest };
  }

  /** @inheritdoc */
  settle(key: string, fingerprint: string, value: string, ttlMs: number): Promise<void> {
    return this.finish(() => this.redis.set(PREFIX + key, `${fingerprint} settled ${value}`, 'PX', ttlMs));
  }

  /** @inheritdoc */
  release(key: string, run: string): Promise<void> {
    return this.finish(() => this.redis.eval(RELEASE, 1, PREFIX + key, run));
  }

  /** @inheritdoc */
  get size(): number {
    return this.lateWrites.size;
  }

  /** @inheritdoc */
  forget(key: string): Promise<void> {
    return this.finish(() => this.redis.del(PREFIX + key));
  }

  /** @inheritdoc */
  async fingerprint(key: string): Promise<string | undefined> {
    const found = await reachable(this.redis.get(PREFIX + key));
    return found === null ? undefined : parse(found).fingerprint;
  }

  /** Tries once more to write what the last runs left, before the connection goes. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.retryLateWrites();
  }

  private async finish(write: () => Promise<unknown>): Promise<void> {
    try {
      await reachable(write());
    } catch {
      this.writeLate(write);
    }
  }

  private writeLate(write: () => Promise<unknown>): void {
    if (this.lateWrites.size >= MAX_LATE_WRITES) return;
    this.lateWrites.add(write);
    this.timer ??= this.retryTimer();
  }

  private retryTimer(): NodeJS.Timeout {
    return setTimeout(() => void this.retryLateWrites(), RETRY_EVERY_MS).unref();
  }

  private async retryLateWrites(): Promise<void> {
    for (const write of this.lateWrites) {
      if (!this.connection.up) break;
      try {
        await reachable(write());
        this.lateWrites.delete(write);
      } catch {
        // One that Redis refuses for good must not hold up the others.
        continue;
      }
    }
    this.timer = this.lateWrites.size > 0 ? this.retryTimer() : undefined;
  }
}

async function reachable<Result>(command: Promise<Result>): Promise<Result> {
  try {
    return await command;
  } catch (cause) {
    throw new StoreUnavailable('Redis cannot be reached', { cause });
  }
}

function parse(record: string): { fingerprint: string; state: string; rest: string } {
  const [fingerprint = '', state = ''] = record.split(' ', 2);
  return { fingerprint, state, rest: record.slice(fingerprint.length + state.length + 2) };
}
