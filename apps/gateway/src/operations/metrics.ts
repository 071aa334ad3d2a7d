import { Injectable } from '@nestjs/common';
import type { ProviderName } from '@password-gateway/errors';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

import { GatewayConfig } from '../config/config.js';
import { GatewayLedger } from '../ledger/ledger.provider.js';
import { RedisConnection } from '../redis/redis-connection.js';
import type { Attempt } from '../password/attempt.js';
import { Log } from './log.js';
import { UpstreamGuard } from '../upstream/upstream-guard.js';

/**
 * Prometheus metrics. Labels are closed lists; no metric names a user, an address or a pool. Prometheus's default
 * process metrics, event-loop delay among them, come along.
 */
@Injectable()
export class Metrics {
  private readonly registry = new Registry();
  private rendering: Promise<string> | undefined;
  private readonly attempts = new Counter({
    name: 'password_gateway_attempts_total',
    help: 'Attempts to change a password, by provider (none when the credential names none) and code.',
    labelNames: ['provider', 'code'],
    registers: [this.registry],
  });
  private readonly upstream = new Histogram({
    name: 'password_gateway_upstream_seconds',
    help: 'Time of a call to AWS, connecting and reading included.',
    labelNames: ['provider'],
    buckets: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });
  private readonly unmapped = new Counter({
    name: 'password_gateway_unmapped_upstream_texts_total',
    help: 'Answers of AWS whose text no rule knew, by provider and error name.',
    labelNames: ['provider', 'error'],
    registers: [this.registry],
  });

  private readonly dropped = new Counter({
    name: 'password_gateway_connections_dropped_total',
    help: 'Connections that were not accepted because too many are open.',
    registers: [this.registry],
  });

  /** Registers what is asked for when metrics are read, and with metrics on the process's own. */
  constructor(
    config: GatewayConfig,
    redis: RedisConnection,
    ledger: GatewayLedger,
    guard: UpstreamGuard,
    log: Log,
  ) {
    const { registry } = this;
    if (redis.client) {
      new Gauge({
        name: 'password_gateway_redis_up',
        help: '1 while Redis answers, each part of a cluster. At 0 limits hold per process and requests with an Idempotency-Key are refused.',
        registers: [registry],
        async collect() {
          this.set((await redis.state()).up ? 1 : 0);
        },
      });
    }
    new Gauge({
      name: 'password_gateway_ledger_records',
      help: 'Names and outcomes of attempts that this process remembers.',
      registers: [registry],
      collect() {
        this.set(ledger.size);
      },
    });
    new Gauge({
      name: 'password_gateway_ledger_late_writes',
      help: 'Ends of attempts that Redis did not take yet.',
      registers: [registry],
      collect() {
        this.set(ledger.late);
      },
    });
    new Gauge({
      name: 'password_gateway_circuits_open',
      help: 'AWS endpoints to which calls are refused because too many failed in transport.',
      registers: [registry],
      collect() {
        this.set(guard.openCircuits);
      },
    });
    new Gauge({
      name: 'password_gateway_upstream_in_flight',
      help: 'Calls to AWS that are on their way.',
      registers: [registry],
      collect() {
        this.set(guard.inFlight);
      },
    });
    new Counter({
      name: 'password_gateway_log_lines_dropped_total',
      help: 'Log lines that were dropped because nobody read them; audit lines are dropped last.',
      registers: [registry],
      collect() {
        this.reset();
        this.inc(log.dropped);
      },
    });
    // Their timers and observers are not free.
    if (config.metrics !== 'off') collectDefaultMetrics({ register: registry });
  }

  /** Counts an attempt that was answered. */
  attempted({ provider, code }: Pick<Attempt, 'provider' | 'code'>): void {
    this.attempts.inc({ provider: provider ?? 'none', code });
  }

  /** Counts a connection that was not accepted. */
  connectionDropped(): void {
    this.dropped.inc();
  }

  /** Counts an answer of AWS whose text no rule knew. */
  unmappedText(provider: ProviderName, error: string): void {
    this.unmapped.inc({ provider, error: /^\w{1,64}$/.test(error) ? error : 'other' });
  }

  /**
   * Observes a call to AWS that has ended.
   *
   * @param startedAt as `performance.now()` told it, in milliseconds
   */
  upstreamCall(provider: ProviderName, startedAt: number): void {
    this.upstream.observe({ provider }, (performance.now() - startedAt) / 1000);
  }

  /** The metrics in Prometheus's text form. Who asks at the same time gets the same text. */
  async text(): Promise<{ readonly type: string; readonly body: string }> {
    this.rendering ??= this.registry.metrics().finally(() => {
      setImmediate(() => (this.rendering = undefined));
    });
    return { type: this.registry.contentType, body: await this.rendering };
  }
}
