/**
 * How wrong passwords lock a user out (Cognito developer guide, "Lockout behavior for failed sign-in attempts").
 */
export interface AttemptLimit {
  /** Wrong passwords until the first lockout. */
  readonly attempts: number;
  /** Length of the first lockout in ms; each further wrong password doubles it. */
  readonly firstLockoutMs: number;
  /** Longest lockout in ms. */
  readonly maxLockoutMs: number;
  /** The count starts anew after so many ms without an attempt, lockouts not counted. */
  readonly forgetAfterMs: number;
}

/** What Cognito documents: 5 attempts, then 1 s doubling up to about 15 minutes, forgotten after 15 minutes. */
export const DEFAULT_ATTEMPT_LIMIT: AttemptLimit = {
  attempts: 5,
  firstLockoutMs: 1_000,
  maxLockoutMs: 900_000,
  forgetAfterMs: 900_000,
};

/** The wrong passwords of one user. All times are ms since the epoch. */
export class AttemptCounter {
  #failures = 0;
  #lockedUntil = 0;
  #lastAttempt = 0;

  /** Whether an attempt now is refused unseen; such attempts do not lengthen the lockout. */
  isLocked(now: number): boolean {
    return now < this.#lockedUntil;
  }

  /** Notes a wrong password; no limit at all when `limit` is undefined. */
  failed(limit: AttemptLimit | undefined, now: number): void {
    if (!limit) return;
    const quietSince = Math.max(this.#lastAttempt, this.#lockedUntil);
    if (now - quietSince >= limit.forgetAfterMs) this.#failures = 0;
    this.#lastAttempt = now;
    this.#failures += 1;
    const beyond = this.#failures - limit.attempts;
    if (beyond >= 0) {
      this.#lockedUntil = now + Math.min(limit.maxLockoutMs, limit.firstLockoutMs * 2 ** beyond);
    }
  }

  /** Starts anew, after a right password. */
  reset(): void {
    this.#failures = 0;
    this.#lockedUntil = 0;
  }
}
