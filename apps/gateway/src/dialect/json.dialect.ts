import { PasswordChangeError, problemDefinition } from '@password-gateway/errors';

import { readIdempotencyKey } from '../limits/idempotency-key.js';
import { readCredential } from '../password/credential.js';
import { CHALLENGE, PROBLEM_TYPE, problemBody } from '../problem/problem.js';
import type { Dialect } from './dialect.js';

/**
 * The documented dialect: `{ currentPassword, newPassword }`, answers in JSON, failures as problem details.
 *
 * @param publicUrl where callers see the gateway; empty makes links relative
 */
export function jsonDialect(publicUrl: string): Dialect {
  return {
    name: 'json',
    read: ({ headers }, body) => {
      if (typeof body === 'string') throw new PasswordChangeError('media_type_unsupported');
      return {
        credential: readCredential(headers),
        fields: () => body,
        idempotencyKey: () => readIdempotencyKey(headers),
      };
    },
    sendChanged: (reply, { provider, upstreamRequestId }, requestId) => {
      void reply.code(200).send({
        status: 'changed',
        provider,
        requestId,
        ...(upstreamRequestId !== undefined && { upstreamRequestId }),
      });
    },
    sendProblem: (reply, error, requestId) => {
      const { status } = problemDefinition(error.code);
      if (status === 401) void reply.header('WWW-Authenticate', CHALLENGE);
      void reply
        .code(status)
        .type(PROBLEM_TYPE)
        .send(problemBody(error, requestId, publicUrl, error.provider ?? reply.request.attempt.provider));
    },
  };
}
