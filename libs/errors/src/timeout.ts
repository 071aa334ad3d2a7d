/** Longest deadline that timers keep, in milliseconds: about 24.8 days. Beyond it they fire at once. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Checks a deadline where it is configured, so that it does not end every call at once.
 *
 * @param timeoutMs - in milliseconds
 * @returns the same
 * @throws RangeError when it is not from 1 to 2,147,483,647
 */
export function checkedTimeoutMs(timeoutMs: number): number {
  if (timeoutMs >= 1 && timeoutMs <= LONGEST_MS) return timeoutMs;
  throw new RangeError(`timeoutMs must be from 1 to ${LONGEST_MS}.`);
}
