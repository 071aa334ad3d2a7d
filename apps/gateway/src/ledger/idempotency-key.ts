import { PasswordChangeError } from '@password-gateway/errors';
import type { IncomingHttpHeaders } from 'node:http';

/** What makes a repetition of a request recognisable. */
export interface IdempotencyKey {
  readonly value: string;
  /**
   * Whether the caller asked for the promise. If not, the caller's client marks the retries that it makes on its own: it is
   * served without the promise too, and a retry of a call that was answered says nothing of a key that nobody sent.
   */
  readonly promised: boolean;
}

/** A structured-field string, or the bare characters that most clients send. */
const KEY =
  /^(?:"(?<quoted>(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"|(?<bare>[\x21\x23-\x7e]{1,255}))$/;

/**
 * Reads the `Idempotency-Key` header.
 *
 * Source: IETF draft-ietf-httpapi-idempotency-key-header.
 *
 * @returns the key without its quotes, or `undefined` when none was sent
 * @throws PasswordChangeError `request_malformed`
 */
export function readIdempotencyKey(headers: IncomingHttpHeaders): string | undefined {
  const sent = headers['idempotency-key'];
  if (sent === undefined) return undefined;
  const { quoted, bare } = KEY.exec(String(sent))?.groups ?? {};
  const key = quoted?.replace(/\\(.)/g, '$1') ?? bare;
  if (key === undefined) {
    throw new PasswordChangeError('request_malformed', {
      detail:
        'Idempotency-Key must be 1 to 255 visible ASCII characters, with or without double quotes around them.',
    });
  }
  return key;
}

/**
 * Whether a request has an `Idempotency-Key` that can be read, and that an earlier request may have had.
 *
 * @param headers the request headers
 */
export function hasIdempotencyKey(headers: IncomingHttpHeaders): boolean {
  try {
    return readIdempotencyKey(headers) !== undefined;
  } catch {
    return false;
  }
}
