import { describe, expect, it } from '@jest/globals';

import { answerNote, clockSkew } from './answer-note.js';

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

describe('an answer that is none of the route gets no note', () => {
  const createElement = () => 'a note';
  const json = { 'content-type': 'application/json' };

  it.each([
    ['a page of a proxy', '<h1>502</h1>', { 'content-type': 'text/html' }],
    ['JSON of somebody else', '{"message":"Forbidden"}', json],
    ['null', 'null', json],
    ['half of an answer', '{"status":', json],
    ['nothing', undefined, json],
  ])('%s', (_what, text, headers) => {
    expect(answerNote(createElement, text, headers)).toBeNull();
  });

  it('and one of the route does', () => {
    expect(answerNote(createElement, '{"status":"changed"}', json)).toBe('a note');
  });
});
