import { describe, expect, it } from '@jest/globals';

import { answerNote, clockSkew, type LiveAnswer } from './answer-note.js';

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

/** All the text of a note, and where its link leads. */
function noteOf(answer: LiveAnswer): string {
  const createElement = (_type: unknown, props: object | null, ...children: unknown[]): string =>
    [...children, (props as { href?: string } | null)?.href].filter(Boolean).join(' ');
  return String(answerNote(createElement as Parameters<typeof answerNote>[0], answer));
}

const PROBLEM = {
  title: 'A title',
  detail: 'A detail.',
  code: 'rate_limited',
  outcome: 'unchanged',
  next: 'wait_and_retry',
};
const json = { 'content-type': 'application/problem+json' };
const UNTOLD = /Nobody can tell from here whether the password has changed\. Sign in with the new password/;

function problem(parts: object, headers: object = {}): string {
  return noteOf({
    status: 400,
    text: JSON.stringify({ ...PROBLEM, ...parts }),
    headers: { ...json, ...headers },
  });
}

it('where no answer came, nobody can tell what became of the password', () => {
  expect(noteOf({ headers: {} })).toMatch(/No answer came/);
  expect(noteOf({ headers: {} })).toMatch(UNTOLD);
});

it.each([
  ['a page of a proxy', '<h1>502</h1>', 'text/html'],
  ['JSON of somebody else', '{"message":"Forbidden"}', 'application/json'],
  ['null', 'null', 'application/json'],
  ['half of an answer', '{"status":', 'application/json'],
  ['a next step that nobody knows', JSON.stringify({ ...PROBLEM, next: 'constructor' }), 'application/json'],
  ['an outcome that nobody knows', JSON.stringify({ ...PROBLEM, outcome: 'valueOf' }), 'application/json'],
  ['nothing', undefined, 'application/json'],
])('nor where the answer is %s', (_what, text, type) => {
  const note = noteOf({ status: 502, text, headers: { 'content-type': type } });
  expect(note).toMatch(/no answer of the gateway/);
  expect(note).toMatch(UNTOLD);
});

it.each(['text/xml', 'application/x-amz-json-1.1'])('an answer as %s speaks for itself', (type) => {
  expect(noteOf({ status: 400, text: '{}', headers: { 'content-type': type } })).toBe('null');
});

it('a change is told', () => {
  const note = noteOf({
    status: 200,
    text: '{"status":"changed"}',
    headers: { 'content-type': 'application/json' },
  });
  expect(note).toMatch(/The password is changed/);
});

describe('a problem', () => {
  it('is told with its outcome and the next step', () => {
    expect(problem({})).toBe(
      'A title A detail. The password is unchanged. Wait, then repeat the same request. About rate_limited problems/rate_limited',
    );
  });

  it('leads to the page of its code beside this one, whatever it names as its type', () => {
    const hostile = problem({ type: 'javascript:alert(1)', code: '../a?b' });
    expect(hostile).not.toContain('javascript:');
    expect(hostile).toContain('problems/..%2Fa%3Fb');
  });

  it('says how long to wait', () => {
    expect(problem({}, { 'retry-after': '47' })).toContain('Repeat it in 47 seconds at the earliest.');
    expect(problem({}, { 'retry-after': '<b>' })).not.toContain('seconds');
  });

  it('blames a wrong clock for a signature that has expired, not for an access token', () => {
    const date = new Date(Date.now() - 1_200_000).toUTCString();
    const expired = { code: 'credential_expired', next: 'sign_in_again' };
    expect(problem({ ...expired, provider: 'iam' }, { date })).toMatch(
      /clock of this computer is 20 minutes/,
    );
    expect(problem({ ...expired, provider: 'cognito' }, { date })).not.toMatch(/clock of this computer/);
  });
});
