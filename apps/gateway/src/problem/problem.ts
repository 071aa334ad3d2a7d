import { type PasswordChangeError, problemDefinition, type ProviderName } from '@password-gateway/errors';

/** Media type of every failure. Source: RFC 9457. */
export const PROBLEM_TYPE = 'application/problem+json';

/** What a `WWW-Authenticate` header offers: the two credentials that the route takes. Source: RFC 9110, 11.6.1. */
export const CHALLENGE = 'Bearer, AWS4-HMAC-SHA256';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * The body of a failed answer (RFC 9457). Holds no password, token, signature, upstream text or received value.
 *
 * @param error the failure
 * @param requestId id of the request that this answer was first given to; `X-Request-Id` names the one at hand
 * @param publicUrl where callers see the gateway; empty makes `type` relative
 * @param provider whom the credential names, for a failure that does not say
 */
export function problemBody(
  error: PasswordChangeError,
  requestId: string,
  publicUrl: string,
  provider: ProviderName | undefined = error.provider,
) {
  const { status, title } = problemDefinition(error.code);
  return {
    type: `${publicUrl}/problems/${error.code}`,
    title,
    status,
    detail: error.message,
    ...(UUID.test(requestId) && { instance: `urn:uuid:${requestId}` }),
    code: error.code,
    ...(provider && { provider }),
    outcome: error.outcome,
    retryable: error.retryable,
    confidence: error.confidence,
    next: error.next,
    ...(error.errors.length > 0 && { errors: error.errors }),
    ...(error.upstream && { upstream: error.upstream }),
    requestId,
  };
}

/** The shape of {@link problemBody}. */
export type Problem = ReturnType<typeof problemBody>;
