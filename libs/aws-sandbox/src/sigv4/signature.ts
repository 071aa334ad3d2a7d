import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { ALGORITHM, type CredentialScope } from './authorization.js';

/**
 * The text that is signed. Source: "Create a signed AWS API request", step "Create a string to sign", IAM User Guide.
 *
 * @param timestamp - ISO 8601 basic format, as sent in `X-Amz-Date`
 */
export function stringToSign(timestamp: string, scope: CredentialScope, canonicalRequest: string): string {
  const { date, region, service, terminator } = scope;
  return [
    ALGORITHM,
    timestamp,
    [date, region, service, terminator].join('/'),
    // latin1 gives back the bytes of the wire: the canonical request holds one per character.
    createHash('sha256').update(canonicalRequest, 'latin1').digest('hex'),
  ].join('\n');
}

/** The lower-case hexadecimal signature. Source: as above, steps "Derive a signing key" and "Calculate the signature". */
export function signature(secretAccessKey: string, scope: CredentialScope, text: string): string {
  let key: Uint8Array = Buffer.from(`AWS4${secretAccessKey}`, 'utf8');
  for (const part of [scope.date, scope.region, scope.service, scope.terminator]) key = hmac(key, part);
  return Buffer.from(hmac(key, text)).toString('hex');
}

/** Compares two strings in a time that tells nothing about where they differ. */
export function equalInConstantTime(a: string, b: string): boolean {
  const [bytesA, bytesB] = [sha256(a), sha256(b)];
  return timingSafeEqual(bytesA, bytesB);
}

/** Lower-case hexadecimal SHA-256 of a body. */
export function hashOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('hex');
}

function hmac(key: Uint8Array, text: string): Uint8Array {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}

// Hashing first gives timingSafeEqual the equal lengths that it demands, and hides the length too.
function sha256(text: string): Uint8Array {
  return createHash('sha256').update(text, 'utf8').digest();
}
