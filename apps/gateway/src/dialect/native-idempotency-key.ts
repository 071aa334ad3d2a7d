import type { IncomingHttpHeaders } from 'node:http';

import { readIdempotencyKey } from '../limits/idempotency-key.js';

/** A UUID in every SDK. */
const INVOCATION_ID = /^[\w-]{1,128}$/;

/**
 * What makes a repetition of a native call recognisable: `Idempotency-Key` from callers who know it, else
 * `amz-sdk-invocation-id`, which stays the same over the retries that an SDK makes of one call.
 *
 * @throws PasswordChangeError `request_malformed`
 */
export function nativeIdempotencyKey(headers: IncomingHttpHeaders): string | undefined {
  const id = headers['amz-sdk-invocation-id'];
  return readIdempotencyKey(headers) ?? (typeof id === 'string' && INVOCATION_ID.test(id) ? id : undefined);
}
