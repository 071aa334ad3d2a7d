import type { LimitState } from './limit-state.js';

/**
 * `RateLimit-Policy` and `RateLimit` for the limit that an answer has to do with.
 *
 * Source: IETF draft-ietf-httpapi-ratelimit-headers.
 *
 * @param state the limit, or `undefined` when none was touched
 */
export function limitHeaders(state: LimitState | undefined): Record<string, string> {
  if (state === undefined) return {};
  const { name, limit, remaining, resetSeconds } = state;
  return {
    'RateLimit-Policy': `"${name}";q=${limit.points};w=${limit.seconds}`,
    RateLimit: `"${name}";r=${remaining}${resetSeconds === undefined ? '' : `;t=${resetSeconds}`}`,
  };
}
