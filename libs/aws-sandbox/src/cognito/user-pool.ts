import { randomUUID } from 'node:crypto';
import { hashPassword, type PasswordHash } from '../password-hash.js';
import { AttemptCounter, type AttemptLimit } from './attempt-limit.js';
import type { PoolPasswordPolicy } from './password-policy.js';
import type { PoolKeys } from './signing-keys.js';

/** User states that matter to ChangePassword. */
export type UserStatus = 'CONFIRMED' | 'UNCONFIRMED' | 'RESET_REQUIRED';

/** A user of a pool. */
export class PoolUser {
  readonly sub = randomUUID();
  readonly attempts = new AttemptCounter();
  status: UserStatus = 'CONFIRMED';
  enabled = true;
  /** Undefined for a passwordless user. */
  password: PasswordHash | undefined;
  /** Earlier passwords, the newest first. */
  #history: PasswordHash[] = [];
  #signIns = new Set<string>();
  readonly #revoked = new Set<string>();
  #signedOutAt = 0;

  constructor(readonly username: string) {}

  get email(): string {
    return `${this.username}@example.com`;
  }

  /** The present password and up to `size` earlier ones. */
  remembered(size: number): readonly PasswordHash[] {
    return this.password ? [this.password, ...this.#history.slice(0, size)] : this.#history.slice(0, size);
  }

  setPassword(password: string): void {
    // 24 is the longest history that Cognito offers.
    if (this.password) this.#history = [this.password, ...this.#history].slice(0, 24);
    this.password = hashPassword(password);
  }

  /** Notes a sign-in by the `origin_jti` that all its tokens carry. */
  addSignIn(originJti: string): void {
    this.#signIns.add(originJti);
  }

  /** Revokes every token issued so far. */
  signOutEverywhere(now: Date): void {
    for (const originJti of this.#signIns) this.#revoked.add(originJti);
    this.#signIns = new Set();
    this.#signedOutAt = now.getTime();
  }

  /** Whether a token of that sign-in, issued at `issuedAt` (seconds), was revoked. */
  isRevoked(originJti: unknown, issuedAt: number): boolean {
    if (typeof originJti === 'string' && this.#revoked.has(originJti)) return true;
    return issuedAt < Math.floor(this.#signedOutAt / 1000);
  }
}

/** A user pool with its users, app clients and keys. */
export interface UserPool {
  readonly id: string;
  readonly region: string;
  /** `https://cognito-idp.<region>.amazonaws.com/<id>`, the `iss` of its tokens. */
  readonly issuer: string;
  readonly policy: PoolPasswordPolicy;
  /** Undefined: no limit. */
  readonly attemptLimit: AttemptLimit | undefined;
  readonly keys: PoolKeys;
  /** App client ids; the first is made with the pool. */
  readonly clientIds: string[];
  readonly users: Map<string, PoolUser>;
  /** A deleted pool keeps its keys, so that its old tokens are told from forged ones. */
  deleted: boolean;
}

/** All pools of a sandbox. */
export class PoolDirectory {
  readonly #pools = new Map<string, UserPool>();

  get size(): number {
    return this.#pools.size;
  }

  add(pool: UserPool): void {
    this.#pools.set(pool.id, pool);
  }

  /** The pool, even if it was deleted. */
  find(id: string): UserPool | undefined {
    return this.#pools.get(id);
  }

  findByClientId(clientId: string): UserPool | undefined {
    for (const pool of this.#pools.values()) {
      if (!pool.deleted && pool.clientIds.includes(clientId)) return pool;
    }
    return undefined;
  }
}
