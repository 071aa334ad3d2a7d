import type { PasswordChangeError } from '@password-gateway/errors';

import type { Dialect } from '../dialect/dialect.js';
import type { Attempt } from '../password/attempt.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** What is known of the request so far; only those to the one route are attempts to change a password. */
    attempt: Attempt;
    /** How the request is written, and so its answer. */
    dialect: Dialect;
    /** The failure that was answered, for the log. */
    problem: PasswordChangeError | undefined;
    /** W3C trace id, 32 hexadecimal digits, when the caller sent a sane `traceparent`. */
    traceId: string | undefined;
  }
}
