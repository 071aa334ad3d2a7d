import { type ProblemCode, PROBLEMS } from '@password-gateway/errors';

type Header = ReturnType<typeof header>;

const header = (description: string) => ({ description, schema: { type: 'string' as const } });

const RATE_LIMIT = {
  RateLimit: header('What is left of the limit that applies.'),
  'RateLimit-Policy': header('The limit that applies.'),
};

/** Headers of a success, as documented. */
export const SUCCESS_HEADERS = {
  'X-Request-Id': header('Id of this request.'),
  'Idempotency-Replayed': header('`true` when this is the first answer to the same request, given again.'),
  ...RATE_LIMIT,
};

/**
 * Headers that tell something about a failure beyond its body, as documented.
 *
 * @param status of the answer
 * @param codes the problems that have this status
 */
export function failureHeaders(status: number, codes: readonly ProblemCode[]): Record<string, Header> {
  return {
    ...(status === 401 && { 'WWW-Authenticate': header('The two credentials that the route takes.') }),
    ...(status === 405 && { Allow: header('The methods that the path has.') }),
    ...(status === 429 && RATE_LIMIT),
    ...(codes.some((code) => PROBLEMS[code].retryable) && {
      'Retry-After': header('Seconds to wait before the same request can succeed.'),
    }),
  };
}
