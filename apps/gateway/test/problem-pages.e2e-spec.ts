import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NEXT_STEPS, PROBLEM_CODES, PROBLEMS } from '@password-gateway/errors';

import { ERRORS_TABLE } from './support/errors-table.js';
import { expectOwnHeaders, expectProblem } from './support/expect-problem.js';
import { request } from './support/http.js';
import { startStack, type Stack } from './support/stack.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(() => stack.close());

const BROWSER = { headers: { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' } };
const PROGRAM = { headers: { Accept: '*/*' } };

/** How a text stands in HTML. */
const html = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');

describe.each(PROBLEM_CODES)('GET /problems/%s', (code) => {
  const { title, detail, when, next } = PROBLEMS[code];

  it('tells programs everything in JSON', async () => {
    const answer = await request(stack, `/problems/${code}`, PROGRAM);
    const [status, outcome, retryable] = ERRORS_TABLE[code];
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toMatch(/^application\/json/);
    expect(answer.body).toMatchObject({
      type: `/problems/${code}`,
      ...{ code, title, status, outcome, retryable, next },
      meaning: `${detail} ${when}`,
      nextStep: NEXT_STEPS[next],
      example: { type: `/problems/${code}`, code, status, title, outcome },
    });
    expectOwnHeaders(answer);
  });

  it('tells people the same in HTML, without scripts', async () => {
    const { status, headers, text } = await request(stack, `/problems/${code}`, BROWSER);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    expect(headers.get('vary')).toBe('Accept');
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self';/);
    expect(text).not.toMatch(/<script| style=| on\w+=/);
    for (const part of [title, detail, when, NEXT_STEPS[next], code]) expect(text).toContain(html(part));
  });
});

it('names the errors of AWS that mean it', async () => {
  const { text } = await request(stack, '/problems/current_password_incorrect', BROWSER);
  expect(text).toMatch(/Amazon Cognito.*NotAuthorizedException.*Incorrect username or password/s);
  expect(text).toMatch(/AWS IAM.*AccessDenied.*The old password was incorrect/s);
  const own = await request(stack, '/problems/rate_limited', BROWSER);
  expect(own.text).toContain('AWS never says so');
});

it('GET /problems lists all of them, with relative links', async () => {
  const { text } = await request(stack, '/problems', BROWSER);
  const links = [...text.matchAll(/href="(problems\/\w+)"/g)].map(([, link]) => link);
  expect(links).toEqual(PROBLEM_CODES.map((code) => `problems/${code}`));
  const { body } = await request(stack, '/problems');
  expect(body).toMatchObject({
    problems: PROBLEM_CODES.map((code) => ({ code, type: `/problems/${code}` })),
  });
});

it('the style sheet is served', async () => {
  const { status, headers } = await request(stack, '/problems/page.css');
  expect([status, headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8']);
});

it.each(['nothing', 'constructor', 'toString', '__proto__', 'REQUEST_INVALID'])(
  'an unknown code is not found: %s',
  async (code) => {
    expectProblem(await request(stack, `/problems/${code}`, BROWSER), 'route_not_found', {
      detail: /GET \/problems lists all/,
    });
  },
);

it.each([BROWSER, PROGRAM])('a check of a link by HEAD finds the page', async ({ headers }) => {
  const answer = await request(stack, '/problems/rate_limited', { method: 'HEAD', headers });
  expect([answer.status, answer.text]).toEqual([200, '']);
  expect(answer.headers.get('content-type')).toBe(
    `${headers === BROWSER.headers ? 'text/html' : 'application/json'}; charset=utf-8`,
  );
});

it('no other method is allowed', async () => {
  const answer = await request(stack, '/problems/rate_limited', { method: 'POST' });
  expectProblem(answer, 'method_not_allowed');
  expect(answer.headers.get('allow')).toBe('GET, HEAD');
});

it('types are absolute under PUBLIC_URL, here and in every answer', async () => {
  const own = await startStack({ environment: { PUBLIC_URL: 'https://passwords.example.com/api/' } });
  try {
    const type = 'https://passwords.example.com/api/problems/credential_missing';
    expect((await request(own, '/problems/credential_missing')).body).toMatchObject({
      type,
      example: { type },
    });
    const answer = await request(own, '/password/change', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{}',
    });
    expect(answer.body.type).toBe(type);
  } finally {
    await own.close();
  }
});
