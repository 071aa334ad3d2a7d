import { describe, expect, it } from '@jest/globals';
import {
  type ArgumentsHost,
  BadRequestException,
  HttpException,
  NotFoundException,
  PayloadTooLargeException,
} from '@nestjs/common';
import {
  PROBLEM_CODES,
  PasswordChangeError,
  type ProblemCode,
  problemDefinition,
} from '@password-gateway/errors';

import { jsonDialect } from '../dialect/json.dialect.js';
import { type LimitState, RateLimited } from '../limits/limit-state.js';
import { type Attempt, newAttempt } from '../password/attempt.js';
import { ProblemFilter } from './problem.filter.js';

const ID = '0b7f3f52-6a0e-4a53-a1b0-5c4bd1f0a4f1';

const LIMIT: LimitState = {
  name: 'identity',
  limit: { points: 4, seconds: 900 },
  remaining: 3,
  resetSeconds: 900,
};

interface Known {
  readonly url?: string;
  readonly attempt?: Partial<Attempt>;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What the filter makes of something thrown, over a request and a reply that only note it. */
function answerTo(
  thrown: unknown,
  { url = '/password/change', attempt: known = {}, headers: sent = {} }: Known = {},
) {
  const answer = { status: 0, type: '', body: {}, headers: {} as Record<string, unknown> };
  const reply = {
    headers: ({ 'Content-Type': type = answer.type, ...headers }: Readonly<Record<string, string>>) => {
      Object.assign(answer.headers, headers);
      answer.type = type;
      return reply;
    },
    header: (name: string, value: unknown) => void Object.assign(answer.headers, { [name]: value }),
    code: (status: number) => {
      answer.status = status;
      return reply;
    },
    serializer: () => reply,
    send: (body: string) => void (answer.body = JSON.parse(body) as object),
  };
  const attempt = Object.assign(newAttempt(ID, '203.0.113.1'), known);
  const routes = ['POST /password/change', 'GET /docs', 'GET /both', 'POST /both'];
  const request = {
    attempt,
    dialect: jsonDialect('https://passwords.example'),
    url,
    routeOptions: { url },
    headers: sent,
    problem: undefined as unknown,
    server: {
      hasRoute: (route: { method: string; url: string }) => routes.includes(`${route.method} ${route.url}`),
    },
  };
  const http = { getRequest: () => request, getResponse: () => reply };
  const host = { switchToHttp: () => http } as unknown as ArgumentsHost;
  new ProblemFilter().catch(thrown, host);
  return { answer, attempt, request };
}

describe('a refusal under an Idempotency-Key', () => {
  const expired = new PasswordChangeError('credential_expired');
  const headers = { 'idempotency-key': 'a-key' };

  it('before the ledger was asked is not told of as unchanged: an earlier request may have changed the password', () => {
    const { answer, attempt } = answerTo(expired, { headers });
    expect(answer.body).toMatchObject({ code: 'credential_expired', outcome: 'unknown' });
    expect(attempt.outcome).toBe('unknown');
  });

  it.each([
    ['after the ledger was asked', { headers, attempt: { ledgerAsked: true } }],
    ['of a key that cannot be read', { headers: { 'idempotency-key': '' } }],
    ['that was not sent', {}],
  ])('%s keeps its outcome', (_what, known) => {
    expect(answerTo(expired, known).answer.body).toMatchObject({ outcome: 'unchanged' });
  });
});

describe('a failure in the words of the taxonomy', () => {
  it.each(PROBLEM_CODES)('%s is answered with its status, and noted', (code) => {
    const error = new PasswordChangeError(code, { upstream: { service: 'iam', requestId: 'upstream-id' } });
    const { answer, attempt, request } = answerTo(error);
    const { status, outcome } = problemDefinition(code);
    expect(answer).toMatchObject({
      status,
      type: 'application/problem+json',
      body: { code, status, type: `https://passwords.example/problems/${code}`, requestId: ID },
    });
    expect(attempt).toMatchObject({ code, outcome, upstreamRequestId: 'upstream-id' });
    expect(request.problem).toBe(error);
  });

  const HEADERS: Partial<Record<ProblemCode, Readonly<Record<string, unknown>>>> = {
    request_malformed: { Connection: 'close' },
    request_too_large: { Connection: 'close' },
    gateway_draining: { Connection: 'close' },
    method_not_allowed: { Allow: 'POST' },
    attempts_exceeded: { 'Retry-After': 3600 },
    request_in_progress: { 'Retry-After': 1 },
    upstream_throttled: { 'Retry-After': 1 },
    upstream_unreachable: { 'Retry-After': 1 },
  };

  it.each(PROBLEM_CODES)('%s comes with the headers that tell what to do', (code) => {
    const challenge = problemDefinition(code).status === 401;
    expect(answerTo(new PasswordChangeError(code)).answer.headers).toStrictEqual({
      ...(challenge && { 'WWW-Authenticate': 'Bearer, AWS4-HMAC-SHA256' }),
      ...HEADERS[code],
    });
  });

  it.each([7, 0])('says how long to wait as the failure does: %i seconds', (retryAfterSeconds) => {
    const error = new PasswordChangeError('upstream_throttled', { retryAfterSeconds });
    expect(answerTo(error).answer.headers).toEqual({ 'Retry-After': retryAfterSeconds });
  });

  it('notes that AWS gave no request id', () => {
    const { attempt } = answerTo(new PasswordChangeError('internal_error'), {
      attempt: { upstreamRequestId: 'earlier' },
    });
    expect(attempt.upstreamRequestId).toBeUndefined();
  });

  it.each([
    ['cognito', undefined, 'cognito'],
    ['cognito', 'iam', 'iam'],
  ] as const)('names the provider: %s by the credential, %s by the failure', (credential, told, provider) => {
    const error = new PasswordChangeError('internal_error', { ...(told && { provider: told }) });
    expect(answerTo(error, { attempt: { provider: credential } }).answer.body).toMatchObject({ provider });
  });

  it('names the request that the answer was first given to', () => {
    const { answer } = answerTo(new PasswordChangeError('internal_error'), {
      attempt: { firstRequestId: 'first' },
    });
    expect(answer.body).toMatchObject({ requestId: 'first' });
  });
});

describe('the limit in the headers', () => {
  it('is the one that the attempt touched last', () => {
    const { answer } = answerTo(new PasswordChangeError('internal_error'), { attempt: { limit: LIMIT } });
    expect(answer.headers).toEqual({
      'RateLimit-Policy': '"identity";q=4;w=900',
      RateLimit: '"identity";r=3;t=900',
    });
  });

  it('is the one that refused', () => {
    const address: LimitState = { ...LIMIT, name: 'address', remaining: 0, resetSeconds: 60 };
    const { answer } = answerTo(new RateLimited(60, address), { attempt: { limit: LIMIT } });
    expect(answer.headers).toMatchObject({ RateLimit: '"address";r=0;t=60', 'Retry-After': 60 });
  });
});

const coded = (code: unknown) => Object.assign(new Error('canary'), { code });

describe('whatever else was thrown', () => {
  it.each<readonly [string, unknown, ProblemCode]>([
    ['the caller left', coded('ECONNRESET'), 'request_timeout'],
    ['a bad URL', coded('FST_ERR_BAD_URL'), 'request_malformed'],
    ['a body too large', coded('FST_ERR_CTP_BODY_TOO_LARGE'), 'request_too_large'],
    ['no media type', coded('FST_ERR_CTP_EMPTY_TYPE'), 'media_type_unsupported'],
    ['another media type', coded('FST_ERR_CTP_INVALID_MEDIA_TYPE'), 'media_type_unsupported'],
    ['another length than was said', coded('FST_ERR_CTP_INVALID_CONTENT_LENGTH'), 'request_malformed'],
    ['an empty body', coded('FST_ERR_CTP_EMPTY_JSON_BODY'), 'request_malformed'],
    [
      'what Nest has wrapped',
      new PayloadTooLargeException('canary', { cause: coded('FST_ERR_CTP_BODY_TOO_LARGE') }),
      'request_too_large',
    ],
    [
      'what Nest has not wrapped',
      Object.assign(new BadRequestException(), { code: 'FST_ERR_BAD_URL' }),
      'request_malformed',
    ],
    ['an error that is not Fastify’s', coded('FST_ERR_OTHER'), 'internal_error'],
    ['a code of an object', coded('constructor'), 'internal_error'],
    ['a code that is none', coded(['ECONNRESET']), 'internal_error'],
    ['another answer of Nest', new BadRequestException('canary'), 'internal_error'],
    ['a fault', new TypeError('canary'), 'internal_error'],
    ['a string', 'canary', 'internal_error'],
    ['nothing', undefined, 'internal_error'],
    ['null', null, 'internal_error'],
  ])('%s', (_what, thrown, code) => {
    const { answer, request } = answerTo(thrown);
    expect(answer).toMatchObject({
      status: problemDefinition(code).status,
      body: { code, outcome: 'unchanged' },
    });
    expect(request.problem).toBeInstanceOf(PasswordChangeError);
    expect(JSON.stringify(answer)).not.toContain('canary');
  });

  it.each([
    [true, 'unknown'],
    [false, 'unchanged'],
  ])('when AWS was called (%s) leaves the password %s', (calledUpstream, outcome) => {
    const fault = new TypeError('a fault');
    const { answer, attempt, request } = answerTo(fault, { attempt: { calledUpstream } });
    expect(answer.body).toMatchObject({ code: 'internal_error', outcome });
    expect(attempt.outcome).toBe(outcome);
    expect(request.problem).toMatchObject({ cause: fault });
  });
});

describe('an address where nothing is', () => {
  it.each<readonly [url: string, code: ProblemCode, allow: string | undefined]>([
    ['/nothing', 'route_not_found', undefined],
    ['/password/change', 'method_not_allowed', 'POST'],
    ['/docs?a=b?c', 'method_not_allowed', 'GET'],
    ['/both', 'method_not_allowed', 'GET, POST'],
  ])('%s is %s', (url, code, allow) => {
    const { answer } = answerTo(new NotFoundException(), { url });
    expect(answer.body).toMatchObject({ code });
    expect(answer.headers['Allow']).toBe(allow);
  });

  it('is not meant by another refusal of Nest', () => {
    expect(answerTo(new HttpException('', 405), { url: '/nothing' }).answer.body).toMatchObject({
      code: 'internal_error',
    });
  });
});
