import { PasswordChangeError, type PasswordChangeErrorOptions } from '@password-gateway/errors';

import type { Limit } from '../config/config.js';

/** How much of a limit is left. */
export interface LimitState {
  readonly name: 'address' | 'identity';
  readonly limit: Limit;
  readonly remaining: number;
  /** Seconds until all points are there again; undefined while they are. */
  readonly resetSeconds: number | undefined;
}

/**
 * The state of a limit.
 *
 * @param points charged points
 * @param msLeft milliseconds until the last of them is given back
 */
export function limitState(
  name: LimitState['name'],
  limit: Limit,
  points: number,
  msLeft: number,
): LimitState {
  return {
    name,
    limit,
    remaining: Math.max(0, limit.points - points),
    resetSeconds: points > 0 ? wholeSeconds(msLeft) : undefined,
  };
}

/** Seconds to wait, at least one. */
export function wholeSeconds(milliseconds: number): number {
  return Math.max(1, Math.ceil(milliseconds / 1000));
}

/** `rate_limited`, with the state of the limit for the headers. */
export class RateLimited extends PasswordChangeError {
  /**
   * @param retryAfterSeconds until another try makes sense
   * @param limitState for the headers
   */
  constructor(
    retryAfterSeconds: number,
    readonly limitState: LimitState | undefined,
    options: PasswordChangeErrorOptions = {},
  ) {
    super('rate_limited', { ...options, retryAfterSeconds });
  }
}
