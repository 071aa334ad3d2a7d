import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { PasswordChangeError } from '@password-gateway/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { sendAnswer } from '../dialect/send-answer.js';
import { hasIdempotencyKey } from '../ledger/idempotency-key.js';
import { inDoubt, KEY_NOT_LOOKED_UP } from '../ledger/judged-answer.js';
import { limitHeaders } from '../limits/limit-headers.js';
import { RateLimited } from '../limits/limit-state.js';
import { noteFailure } from '../password/attempt.js';
import { PASSWORD_ROUTE } from '../transport/route-target.js';

/** Answers every failure, whoever threw it: as problem details (RFC 9457), or as AWS would in its own dialects. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  /** @inheritdoc */
  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    sendProblem(request, http.getResponse<FastifyReply>(), toPasswordChangeError(thrown, request));
  }
}

/** Sends a failure in the dialect of the request. */
export function sendProblem(
  request: FastifyRequest,
  reply: FastifyReply,
  failure: PasswordChangeError,
): void {
  const { attempt, dialect } = request;
  const error = isUnderUnknownKey(request, failure) ? inDoubt(failure, KEY_NOT_LOOKED_UP) : failure;
  request.problem = error;
  noteFailure(attempt, error);
  void reply.headers(limitHeaders(error instanceof RateLimited ? error.limitState : attempt.limit));
  if (error.code === 'method_not_allowed') void reply.header('Allow', allowedMethods(request).join(', '));
  const retryAfter = error.retryAfterSeconds ?? RETRY_AFTER_SECONDS[error.code];
  if (retryAfter !== undefined) void reply.header('Retry-After', retryAfter);
  if (CLOSING.has(error.code)) void reply.header('Connection', 'close');
  sendAnswer(reply, dialect.problem(error, attempt.firstRequestId, attempt.provider));
}

/** A key promises the first answer; whoever did not look for it must not say that nothing was changed. */
function isUnderUnknownKey(
  { attempt, headers, routeOptions }: FastifyRequest,
  { outcome }: PasswordChangeError,
): boolean {
  if (attempt.ledgerAsked || outcome === 'unknown' || routeOptions.url !== PASSWORD_ROUTE) return false;
  return hasIdempotencyKey(headers);
}

/** What follows a refused part on its connection could be read as another request; a draining gateway wants it gone. */
const CLOSING = new Set(['request_malformed', 'request_too_large', 'gateway_draining']);

/**
 * Where nobody says how long to wait. Cognito takes 5 changes of a user in an hour (developer guide, "Quotas"), so the
 * next one may have to wait for an hour at the most; a lock-out says itself how long it is.
 */
const RETRY_AFTER_SECONDS: Partial<Record<PasswordChangeError['code'], number>> = {
  attempts_exceeded: 3600,
  request_in_progress: 1,
  upstream_throttled: 1,
  upstream_unreachable: 1,
};

/** What Fastify itself refuses, by its error code. */
const FASTIFY_ERRORS: Readonly<Record<string, PasswordChangeError['code']>> = {
  // The caller left in the middle of the body.
  ECONNRESET: 'request_timeout',
  FST_ERR_BAD_URL: 'request_malformed',
  FST_ERR_CTP_BODY_TOO_LARGE: 'request_too_large',
  FST_ERR_CTP_EMPTY_TYPE: 'media_type_unsupported',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'media_type_unsupported',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'request_malformed',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'request_malformed',
};

function toPasswordChangeError(thrown: unknown, request: FastifyRequest): PasswordChangeError {
  if (thrown instanceof PasswordChangeError) return thrown;
  // Nest wraps what Fastify refuses with a status below 500.
  const refused = thrown instanceof HttpException ? (thrown.cause ?? thrown) : thrown;
  const code = (refused as { code?: unknown } | null)?.code;
  if (typeof code === 'string' && Object.hasOwn(FASTIFY_ERRORS, code)) {
    return new PasswordChangeError(FASTIFY_ERRORS[code] ?? 'request_malformed');
  }
  if (thrown instanceof HttpException && thrown.getStatus() === 404) {
    return new PasswordChangeError(
      allowedMethods(request).length > 0 ? 'method_not_allowed' : 'route_not_found',
    );
  }
  // Whatever reached AWS answers with an error of its own, so a fault anywhere else left the password alone.
  return new PasswordChangeError('internal_error', {
    outcome: request.attempt.calledUpstream ? 'unknown' : 'unchanged',
    cause: thrown,
  });
}

function allowedMethods(request: FastifyRequest): string[] {
  // Fastify knows routes by their pattern, and one has a parameter.
  const path = (request.url.split('?', 1)[0] ?? '/').replace(/^\/problems\/[^/]+$/, '/problems/:code');
  return ['GET', 'HEAD', 'POST'].filter((method) => request.server.hasRoute({ method, url: path }));
}
