import { Injectable, type LoggerService } from '@nestjs/common';
import { problemDefinition } from '@password-gateway/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Logger, pino } from 'pino';

import { GatewayConfig } from '../config/config.js';

/**
 * Structured logs on stdout. Every line is built from a list of fields that may be logged; no request, header, body or
 * exception is handed to the logger.
 */
@Injectable()
export class Log {
  private readonly logger: Logger;

  /** @param config for the level */
  constructor(config: GatewayConfig) {
    this.logger = pino({ level: config.logLevel, base: null, timestamp: pino.stdTimeFunctions.isoTime });
  }

  /** The gateway listens. */
  listening(url: string): void {
    this.logger.info({ url }, 'listening');
  }

  /** The gateway begins to stop. */
  stopping(signal: string): void {
    this.logger.info({ signal }, 'stopping');
  }

  /** One answered request. */
  answered(request: FastifyRequest, reply: FastifyReply): void {
    const { problem } = request;
    const status = problem ? problemDefinition(problem.code).status : reply.statusCode;
    this.logger[status >= 500 ? 'error' : 'info'](
      {
        requestId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? null,
        status,
        durationMs: Math.round(reply.elapsedTime * 10) / 10,
        ...(problem && {
          code: problem.code,
          outcome: problem.outcome,
          provider: problem.provider,
          upstreamError: problem.upstream?.error,
          upstreamRequestId: problem.upstream?.requestId,
          // The name of a bug's exception, never its message: that may quote what it choked on.
          fault: problem.code === 'internal_error' ? faultName(problem.cause) : undefined,
        }),
      },
      'answered',
    );
  }
}

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
  error(message: unknown): void {
    if (message instanceof Error) process.stderr.write(`${message.name}: ${message.message}\n`);
    else process.stderr.write(`${String(message)}\n`);
  }
}
