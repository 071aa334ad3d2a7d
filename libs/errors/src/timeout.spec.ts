import { expect, it } from '@jest/globals';

import { checkedTimeoutMs } from './timeout.js';

it.each([1, 10_000, 2_147_483_647])('takes %d', (timeoutMs) => {
  expect(checkedTimeoutMs(timeoutMs)).toBe(timeoutMs);
});

it.each([0, -1, 0.5, 2_147_483_648, Infinity, NaN])('refuses %d', (timeoutMs) => {
  expect(() => checkedTimeoutMs(timeoutMs)).toThrow(RangeError);
});
