import { expect, it } from '@jest/globals';

import { clockSkew } from './answer-note.js';

const GATEWAY = 'Fri, 20 Nov 2026 12:00:00 GMT';

it.each([
  ['2026-11-20T12:07:00Z', /7 minutes ahead of/],
  ['2026-11-20T11:00:00Z', /60 minutes behind/],
  ['2026-11-20T12:02:00Z', /2 minutes ahead of/],
])('at %s it tells how wrong the clock is', (now, text) => {
  expect(clockSkew(GATEWAY, new Date(now))).toMatch(text);
});

it.each([
  [GATEWAY, '2026-11-20T12:00:59Z'],
  [GATEWAY, '2026-11-20T11:58:01Z'],
  [undefined, '2026-11-20T12:07:00Z'],
  ['yesterday', '2026-11-20T12:07:00Z'],
])('the gateway at %s, here %s: nothing to tell', (date, now) => {
  expect(clockSkew(date, new Date(now))).toBeUndefined();
});
