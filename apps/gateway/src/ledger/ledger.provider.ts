import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';

import { GatewayConfig } from '../config/config.js';
import { RedisConnection } from '../redis/redis-connection.js';
import {
  BOUNDS,
  type Decision,
  type Ending,
  type Ledger,
  type LedgerAttempt,
  type LedgerRules,
  type Verdict,
} from './ledger.js';
import { MemoryLedger } from './memory-ledger.js';
import { RedisLedger } from './redis-ledger.js';
import { SharedLedger } from './shared-ledger.js';

/** An attempt that took longer than its deadline and this did not survive. */
const LEASE_MARGIN_MS = 5_000;

const SWEEP_EVERY_MS = 500;
const WRITE_LATE_EVERY_MS = 500;

/** Together two seconds: long enough for a connection that was lost to stand again. */
const LAST_TRIES = 10;
const LAST_TRY_EVERY_MS = 200;

/** The ledger of this gateway: in this process, and with Redis shared by its replicas. */
@Injectable()
export class GatewayLedger implements Ledger, BeforeApplicationShutdown {
  private readonly own: MemoryLedger;
  private readonly shared: SharedLedger | undefined;
  private readonly timers: readonly NodeJS.Timeout[];

  /**
   * @param config for the identity limit and the deadline
   * @param redis shared by replicas when configured
   */
  constructor(config: GatewayConfig, redis: RedisConnection) {
    const rules: LedgerRules = {
      limit: config.limits.identity,
      leaseMs: config.upstreamTimeoutMs + LEASE_MARGIN_MS,
      bounds: BOUNDS,
    };
    this.own = new MemoryLedger(rules);
    this.shared =
      redis.client &&
      new SharedLedger(
        new RedisLedger(redis.client, rules, (cause) => {
          redis.failed(cause);
        }),
        this.own,
      );
    this.timers = [
      setInterval(() => {
        this.own.sweep();
      }, SWEEP_EVERY_MS).unref(),
      setInterval(() => void this.shared?.writeLate(), WRITE_LATE_EVERY_MS).unref(),
    ];
  }

  /** @inheritdoc */
  begin(attempt: LedgerAttempt): Promise<Decision> {
    return (this.shared ?? this.own).begin(attempt);
  }

  /** @inheritdoc */
  end(attempt: LedgerAttempt, ending: Ending): Promise<Verdict> {
    return (this.shared ?? this.own).end(attempt, ending);
  }

  /** What this process remembers: names and outcomes. */
  get size(): number {
    return this.own.size;
  }

  /** Ends of attempts that wait for Redis. */
  get late(): number {
    return this.shared?.late ?? 0;
  }

  /** Writes what the last attempts left, before the connection goes; Redis may be on its way back. */
  async beforeApplicationShutdown(): Promise<void> {
    this.timers.forEach(clearInterval);
    for (let tries = 0; tries < LAST_TRIES; tries++) {
      await this.shared?.writeLate();
      if (this.late === 0) return;
      await new Promise((resolve) => setTimeout(resolve, LAST_TRY_EVERY_MS));
    }
  }
}
