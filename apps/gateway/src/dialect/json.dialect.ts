import { PasswordChangeError, problemDefinition } from '@password-gateway/errors';

import type { PasswordChangedDto } from '../docs/password-changed.dto.js';
import { readIdempotencyKey } from '../ledger/idempotency-key.js';
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
    read: ({ headers }, body) => {
      if (typeof body === 'string') throw new PasswordChangeError('media_type_unsupported');
      return {
        credential: readCredential(headers),
        fields: () => body,
        idempotencyKey: () => {
          const value = readIdempotencyKey(headers);
          return value === undefined ? undefined : { value, promised: true };
        },
      };
    },
    changed: ({ provider, upstreamRequestId }, requestId) => ({
      status: 200,
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        status: 'changed',
        provider,
        requestId,
        ...(upstreamRequestId !== undefined && { upstreamRequestId }),
      } satisfies PasswordChangedDto),
    }),
    problem: (error, requestId, provider) => {
      const { status } = problemDefinition(error.code);
      return {
        status,
        headers: {
          'Content-Type': PROBLEM_TYPE,
          ...(status === 401 && { 'WWW-Authenticate': CHALLENGE }),
        },
        body: JSON.stringify(problemBody(error, requestId, publicUrl, error.provider ?? provider)),
      };
    },
  };
}
