import { Injectable, type LoggerService } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Logger, pino } from 'pino';

import { GatewayConfig } from '../config/config.js';
import type { RedisState } from '../redis/redis-connection.js';
import type { AuditEvent } from './audit.js';
import { BoundedStdout } from './bounded-stdout.js';

const DROPPED_EVERY_MS = 10_000;

/**
 * Structured logs on stdout. Every line is built from a list of fields that may be logged; no request, header, body or
 * exception is handed to the logger.
 */
@Injectable()
export class Log {
  private readonly logger: Logger;
  private readonly auditLogger: Logger;
  private droppedAt = 0;

  /** @param config for the level */
  constructor(config: GatewayConfig) {
    stdout ??= new BoundedStdout((lines) => {
      this.logger.error({ lines }, 'log lines were dropped: nobody read them');
    });
    const options = { base: null, timestamp: pino.stdTimeFunctions.isoTime };
    this.logger = pino({ ...options, level: config.logLevel }, stdout);
    // An audit has no gaps because somebody wanted fewer lines; only silence ends it.
    const auditLevel = config.logLevel === 'silent' ? 'silent' : 'info';
    this.auditLogger = pino({ ...options, level: auditLevel }, stdout.audit);
  }

  /** Lines that were dropped because nobody read them. */
  get dropped(): number {
    return stdout?.dropped ?? 0;
  }

  /** Waits until the last lines are written, but not for long. */
  async end(): Promise<void> {
    await stdout?.end();
  }

  /** The gateway listens. */
  listening(url: string): void {
    this.logger.info({ url }, 'listening');
  }

  /** The gateway begins to stop. */
  stopping(signal: string): void {
    this.logger.info({ signal }, 'stopping');
  }

  /** One attempt to change a password. */
  audit(event: AuditEvent): void {
    this.auditLogger.info(event, 'audit');
  }

  /** One answered request. */
  answered(request: FastifyRequest, reply: FastifyReply): void {
    const { problem, attempt } = request;
    const status = reply.statusCode;
    this.logger[status >= 500 ? 'error' : 'info'](
      {
        requestId: request.id,
        traceId: request.traceId,
        method: request.method,
        route: request.routeOptions.url ?? null,
        status,
        // False when the caller had left before the answer was whole.
        delivered: reply.raw.writableFinished,
        durationMs: Math.round(reply.elapsedTime * 10) / 10,
        ...(problem && {
          provider: attempt.provider,
          code: problem.code,
          outcome: problem.outcome,
          upstreamError: problem.upstream?.error,
          upstreamRequestId: problem.upstream?.requestId,
          // Of a text that no rule knew nothing but its being there is told: AWS may quote what it was sent.
          unmappedText: problem.unmappedText || undefined,
          // The name of a bug's exception, never its message: that may quote what it choked on.
          fault: problem.code === 'internal_error' ? faultName(problem.cause) : undefined,
        }),
      },
      'answered',
    );
  }

  /** A connection was not accepted; told at most once in a while. */
  connectionDropped(): void {
    const now = Date.now();
    if (now - this.droppedAt < DROPPED_EVERY_MS) return;
    this.droppedAt = now;
    this.logger.error('connections are not accepted: too many are open');
  }

  /** Redis, or a part of it, came or went. */
  redis({ up, reason, nodes }: RedisState): void {
    if (up) {
      this.logger.info('Redis is back: limits and idempotency are shared again');
    } else if (nodes === undefined) {
      this.logger.warn(
        { reason },
        'Redis is away: limits hold per process, requests with an Idempotency-Key are refused',
      );
    } else {
      this.logger.warn(
        { reason, nodes },
        'A part of Redis is away: for whom it has, limits hold per process, requests with an Idempotency-Key are refused',
      );
    }
  }
}

/** One for the process. */
let stdout: BoundedStdout | undefined;

function faultName(cause: unknown): string {
  return cause instanceof Error ? `${cause.name} ${firstFrame(cause)}` : typeof cause;
}

function firstFrame({ stack = '' }: Error): string {
  return /^ +at .*$/m.exec(stack)?.[0].trim() ?? '';
}

/** Nest's own messages: only that something happened, because its exceptions are logged whole otherwise. */
export class NestLog implements LoggerService {
  /** @inheritdoc */
  log(): void {
    // Nest's start-up lines say nothing that an operator needs.
  }

  /** @inheritdoc */
  warn(): void {
    // As above.
  }

  /** @inheritdoc */
  error(): void {
    // What ends the start is thrown as well, and run-gateway.ts tells it.
  }
}
