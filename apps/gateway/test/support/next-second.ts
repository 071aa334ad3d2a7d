import { setTimeout as sleep } from 'node:timers/promises';

/** A signature tells time in seconds, and the same one twice is a replay: waits until the next one differs. */
export function nextSecond(): Promise<void> {
  return sleep(1000 - (Date.now() % 1000));
}
