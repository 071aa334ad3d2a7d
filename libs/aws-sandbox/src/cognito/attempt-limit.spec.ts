import { expect, it } from '@jest/globals';
import { AttemptCounter, DEFAULT_ATTEMPT_LIMIT } from './attempt-limit.js';

function lockoutsAfter(failures: number): number {
  const counter = new AttemptCounter();
  let now = 1_000_000_000;
  for (let n = 0; n < failures; n += 1) {
    while (counter.isLocked(now)) now += 100;
    counter.failed(DEFAULT_ATTEMPT_LIMIT, now);
  }
  let lasts = 0;
  while (counter.isLocked(now + lasts)) lasts += 100;
  return lasts;
}

it.each([
  [4, 0],
  [5, 1_000],
  [6, 2_000],
  [9, 16_000],
  [14, 512_000],
  [15, 900_000],
  [16, 900_000],
])('locks after %i wrong passwords for %i ms', (failures, lasts) => {
  expect(lockoutsAfter(failures)).toBe(lasts);
});

it('forgets after 15 quiet minutes', () => {
  const counter = new AttemptCounter();
  for (let n = 0; n < 4; n += 1) counter.failed(DEFAULT_ATTEMPT_LIMIT, 0);
  counter.failed(DEFAULT_ATTEMPT_LIMIT, 900_000);
  expect(counter.isLocked(900_000)).toBe(false);
});

it('knows no limit when there is none', () => {
  const counter = new AttemptCounter();
  for (let n = 0; n < 100; n += 1) counter.failed(undefined, 0);
  expect(counter.isLocked(0)).toBe(false);
});
