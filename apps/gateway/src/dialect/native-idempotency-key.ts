import type { IncomingHttpHeaders } from 'node:http';

import { type IdempotencyKey, readIdempotencyKey } from '../ledger/idempotency-key.js';

/** A UUID in every SDK. */
const INVOCATION_ID = /^[\w-]{1,128}$/;

/**
 * What makes a repetition of a native call recognisable: `Idempotency-Key` from callers who know it, else
 * `amz-sdk-invocation-id`, which stays the same over the retries that an SDK makes of one call.
 *
 * @throws PasswordChangeError `request_malformed`
 */
export function nativeIdempotencyKey(headers: IncomingHttpHeaders): IdempotencyKey | undefined {
  const id = headers['amz-sdk-invocation-id'];
  const sent = readIdempotencyKey(headers);
  if (sent !== undefined) return { value: sent, promised: true };
  return typeof id === 'string' && INVOCATION_ID.test(id) ? { value: id, promised: false } : undefined;
}
