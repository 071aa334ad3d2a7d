import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** A stored password: a salt and a keyed digest; the password itself is kept nowhere. */
export interface PasswordHash {
  readonly salt: Buffer;
  readonly digest: Buffer;
}

// A slow hash would cap a bench at a few changes per second; a key that never leaves the process serves a sandbox.
const KEY = randomBytes(32);

function digest(salt: Buffer, password: string): Buffer {
  return createHmac('sha256', KEY).update(salt).update(password, 'utf8').digest();
}

/** Hashes a password, byte-exact: nothing is trimmed or normalised. */
export function hashPassword(password: string): PasswordHash {
  const salt = randomBytes(16);
  return { salt, digest: digest(salt, password) };
}

/** Whether the password is the stored one, compared in constant time; no stored password matches nothing. */
export function matchesHash(stored: PasswordHash | undefined, password: string): boolean {
  return stored !== undefined && timingSafeEqual(stored.digest, digest(stored.salt, password));
}
