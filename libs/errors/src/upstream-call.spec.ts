import { getEventListeners } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

import { afterEach, describe, expect, it } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';

import { closedPort, listen } from '../test/loopback.js';
import { PasswordChangeError } from './password-change-error.js';
import {
  callUpstream,
  MAX_ANSWER_BYTES,
  type UpstreamHandler,
  upstreamReference,
  type UpstreamRequest,
} from './upstream-call.js';

const REQUEST = {
  method: 'POST',
  protocol: 'http:',
  hostname: '127.0.0.1',
  path: '/',
  query: {},
  headers: { 'content-length': '4' },
  body: 'body',
};

const SHORT_MS = 200;
const LONG_MS = 10_000;

const servers: Server[] = [];

const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

/** A server that takes the whole request before it does what it is told, and counts. */
function upstream(answer: RequestListener) {
  const counted = { requests: 0, server: createServer() };
  counted.server.on('request', (request, response) => {
    counted.requests += 1;
    request.resume().on('end', () => {
      answer(request, response);
    });
  });
  servers.push(counted.server);
  return counted;
}

/** The SDK's own handler, with an eye on how often it is asked. */
function countedHandler(before: (attempt: number) => unknown = () => undefined) {
  const inner: UpstreamHandler = new NodeHttpHandler();
  const counted = {
    attempts: 0,
    async handle(...call: Parameters<UpstreamHandler['handle']>) {
      counted.attempts += 1;
      await before(counted.attempts);
      return inner.handle(...call);
    },
  };
  return counted;
}

interface Options {
  readonly handler?: UpstreamHandler;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly request?: () => Promise<UpstreamRequest>;
}

function call(port: number, options: Options = {}) {
  const { handler = new NodeHttpHandler(), timeoutMs = LONG_MS, signal } = options;
  const { request = () => Promise.resolve({ ...REQUEST, port }) } = options;
  return callUpstream({
    handler,
    request,
    provider: 'iam',
    service: 'iam',
    timeoutMs,
    errorName: ({ body }) => Promise.resolve(new TextDecoder().decode(body)),
    ...(signal && { signal }),
  });
}

async function failureOf(work: Promise<unknown>): Promise<PasswordChangeError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof PasswordChangeError) return error;
    throw error;
  }
  throw new Error('the call succeeded');
}

const UNKNOWN = { provider: 'iam', outcome: 'unknown', retryable: false, upstream: { service: 'iam' } };
const UNREACHABLE = { code: 'upstream_unreachable', outcome: 'unchanged', retryable: true };

describe('an answer that can be read', () => {
  it.each([200, 204, 400, 403, 409, 429, 499])('is returned whole with status %i', async (status) => {
    const { server } = upstream((_, response) => {
      response.writeHead(status, { 'X-Amzn-RequestId': 'r-1' }).end(status === 204 ? '' : '{"é":1}');
    });
    const answer = await call(await listen(server));
    expect(answer).toMatchObject({ statusCode: status, headers: { 'x-amzn-requestid': 'r-1' } });
    expect(new TextDecoder().decode(answer.body)).toBe(status === 204 ? '' : '{"é":1}');
  });

  it('may be as long as the limit', async () => {
    const { server } = upstream((_, response) => response.end('x'.repeat(MAX_ANSWER_BYTES)));
    expect((await call(await listen(server))).body).toHaveLength(MAX_ANSWER_BYTES);
    const handler = handlerOf({ statusCode: 200, headers: {}, body: new Uint8Array(MAX_ANSWER_BYTES) });
    expect((await call(1, { handler })).body).toHaveLength(MAX_ANSWER_BYTES);
  });

  it('may come from a handler that has read it already, with headers in any case', async () => {
    const body = new Uint8Array([1, 2]);
    const handler = handlerOf({ statusCode: 200, headers: { 'Content-Type': 'x' }, body });
    expect(await call(1, { handler })).toEqual({ statusCode: 200, headers: { 'content-type': 'x' }, body });
  });

  it.each([{}, { body: null }, { body: new Uint8Array() }])('may have no body: %j', async (body) => {
    const handler = handlerOf({ statusCode: 200, headers: {}, ...body });
    expect((await call(1, { handler })).body).toHaveLength(0);
  });

  it('leaves no timer behind', async () => {
    const before = timers();
    await call(1, { handler: handlerOf({ statusCode: 200, headers: {} }) });
    expect(timers()).toBeLessThanOrEqual(before);
  });

  it('leaves no timer behind when what it is given for a signal is none', async () => {
    const before = timers();
    const handler = handlerOf({ statusCode: 200, headers: {} });
    await expect(call(1, { handler, signal: {} as AbortSignal })).rejects.toThrow(TypeError);
    expect(timers()).toBeLessThanOrEqual(before);
  });
});

describe('an answer that leaves the outcome unknown', () => {
  it.each([
    [500, 'ServiceFailure', { error: 'ServiceFailure' }],
    [503, 'Not <a> name', {}],
    [302, 'ServiceFailure', {}],
  ])('with status %i and %j tells the error name, if there is one', async (status, name, told) => {
    const { server } = upstream((_, response) => response.writeHead(status).end(name));
    const { upstream: reference } = await failureOf(call(await listen(server)));
    expect(reference).toEqual({ service: 'iam', ...told });
  });

  it.each([300, 301, 302, 303, 304, 307, 308, 500, 502, 503])('has status %i', async (status) => {
    const counted = upstream((_, response) => {
      response.writeHead(status, { location: '/elsewhere', 'x-amzn-requestid': 'r-1' }).end();
    });
    expect(await failureOf(call(await listen(counted.server)))).toMatchObject({
      ...UNKNOWN,
      code: 'upstream_failed',
      upstream: { service: 'iam', requestId: 'r-1' },
    });
    expect(counted.requests).toBe(1);
  });

  it('is a reset after the request was read', async () => {
    const counted = upstream((request) => request.socket.resetAndDestroy());
    const failure = await failureOf(call(await listen(counted.server)));
    expect(failure).toMatchObject({ ...UNKNOWN, code: 'upstream_failed', cause: { code: 'ECONNRESET' } });
    expect(counted.requests).toBe(1);
  });

  it('is one that breaks off', async () => {
    const counted = upstream((request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half', () => request.socket.end());
    });
    expect(await failureOf(call(await listen(counted.server)))).toMatchObject({
      ...UNKNOWN,
      code: 'upstream_failed',
    });
    expect(counted.requests).toBe(1);
  });

  it.each([0, 101, 199, 600])('has status %i, which is none of an answer', async (statusCode) => {
    const failure = await failureOf(call(1, { handler: handlerOf({ statusCode, headers: {} }) }));
    expect(failure).toMatchObject({ ...UNKNOWN, code: 'upstream_failed' });
  });

  it('does not come from a handler that throws at once', async () => {
    const handler = {
      handle: (): never => {
        throw new Error('a fault');
      },
    };
    expect(await failureOf(call(1, { handler }))).toMatchObject({ ...UNKNOWN, code: 'upstream_failed' });
  });

  it.each([MAX_ANSWER_BYTES + 1, 10 * 1024 * 1024])('has %i bytes', async (bytes) => {
    const counted = upstream((_, response) => response.end(Buffer.alloc(bytes)));
    expect(await failureOf(call(await listen(counted.server)))).toMatchObject({
      ...UNKNOWN,
      code: 'upstream_failed',
      cause: { message: 'answer too large' },
    });
    expect(counted.requests).toBe(1);
  });

  it('has too many bytes in one piece', async () => {
    const body = new Uint8Array(MAX_ANSWER_BYTES + 1);
    const failure = await failureOf(call(1, { handler: handlerOf({ statusCode: 200, headers: {}, body }) }));
    expect(failure).toMatchObject({
      ...UNKNOWN,
      code: 'upstream_failed',
      cause: { message: 'answer too large' },
    });
  });
});

describe('the deadline', () => {
  it('ends a call that is never answered, once sent', async () => {
    const counted = upstream(() => undefined);
    const started = performance.now();
    const failure = await failureOf(call(await listen(counted.server), { timeoutMs: SHORT_MS }));
    expect(failure).toMatchObject({ ...UNKNOWN, code: 'upstream_timeout' });
    expect(performance.now() - started).toBeGreaterThan(SHORT_MS - 10);
    expect(counted.requests).toBe(1);
  });

  it('ends an answer that drips, and its connection', async () => {
    const closed = Promise.withResolvers<undefined>();
    const counted = upstream((_, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => {
        clearInterval(drip);
        closed.resolve(undefined);
      });
    });
    const failure = await failureOf(call(await listen(counted.server), { timeoutMs: SHORT_MS }));
    expect(failure).toMatchObject({ ...UNKNOWN, code: 'upstream_timeout' });
    expect(counted.requests).toBe(1);
    await closed.promise;
  });

  it('closes an answer that comes after the deadline', async () => {
    const body = new Readable({ read: () => undefined });
    const { promise: late, resolve } = Promise.withResolvers<{ response: object }>();
    const handler = { handle: () => late } as unknown as UpstreamHandler;
    const failure = await failureOf(call(1, { handler, timeoutMs: SHORT_MS }));
    expect(failure).toMatchObject({ ...UNKNOWN, code: 'upstream_timeout' });
    resolve({ response: { statusCode: 200, headers: {}, body } });
    await sleep(SHORT_MS);
    expect(body.destroyed).toBe(true);
  });

  it('closes the answer of a handler that leaves it open', async () => {
    const body = new Readable({ read: () => undefined });
    const handler = handlerOf({ statusCode: 200, headers: {}, body });
    const failure = await failureOf(call(1, { handler, timeoutMs: SHORT_MS }));
    expect(failure).toMatchObject({ ...UNKNOWN, code: 'upstream_timeout' });
    expect(body.destroyed).toBe(true);
  });

  it.each([{}, { destroy: undefined }])('ends an answer that cannot be closed: %j', async (properties) => {
    const body = Object.assign(endless(), properties);
    const handler = handlerOf({ statusCode: 200, headers: {}, body });
    const failure = await failureOf(call(1, { handler, timeoutMs: SHORT_MS }));
    expect(failure).toMatchObject({ ...UNKNOWN, code: 'upstream_timeout' });
  });

  it('ends a handler that does not listen to it', async () => {
    const handler: UpstreamHandler = { handle: () => new Promise(() => undefined) };
    const failure = await failureOf(call(1, { handler, timeoutMs: SHORT_MS }));
    expect(failure).toMatchObject({ ...UNKNOWN, code: 'upstream_timeout', cause: { message: 'aborted' } });
  });

  it('leaves the password unchanged where the handler says that nothing was sent', async () => {
    const handler: UpstreamHandler = {
      handle: (_, { abortSignal }) =>
        new Promise((_resolve, reject) => {
          abortSignal.addEventListener('abort', () => {
            reject(Object.assign(new Error('not connected yet'), { requestSent: false }));
          });
        }),
    };
    expect(await failureOf(call(1, { handler, timeoutMs: SHORT_MS }))).toMatchObject(UNREACHABLE);
  });
});

describe('a request that is yet to be made', () => {
  const never = () => new Promise<UpstreamRequest>(() => undefined);

  it('is bound by the deadline, and nothing is sent', async () => {
    const handler = countedHandler();
    const failure = await failureOf(call(1, { handler, request: never, timeoutMs: SHORT_MS }));
    expect(failure).toMatchObject(UNREACHABLE);
    expect(handler.attempts).toBe(0);
  });

  it("is bound by the caller's signal, and nothing is sent", async () => {
    const handler = countedHandler();
    const abort = new AbortController();
    const failure = failureOf(call(1, { handler, request: never, signal: abort.signal }));
    abort.abort();
    expect(await failure).toMatchObject(UNREACHABLE);
    expect(handler.attempts).toBe(0);
  });

  it('is not begun when the signal was aborted before', async () => {
    let begun = 0;
    const request = () => {
      begun += 1;
      return never();
    };
    expect(await failureOf(call(1, { request, signal: AbortSignal.abort() }))).toMatchObject(UNREACHABLE);
    expect(begun).toBe(0);
  });

  it('ends the call by what making it throws', async () => {
    const verdict = new PasswordChangeError('internal_error', { outcome: 'unchanged' });
    expect(await failureOf(call(1, { request: () => Promise.reject(verdict) }))).toBe(verdict);
  });
});

describe('a connection that cannot be made', () => {
  it('is tried three times and leaves the password unchanged', async () => {
    const handler = countedHandler();
    const failure = await failureOf(call(await closedPort(), { handler }));
    expect(failure).toMatchObject({ ...UNREACHABLE, cause: { code: 'ECONNREFUSED' } });
    expect(handler.attempts).toBe(3);
  });

  it('is not tried again past the deadline', async () => {
    const handler = countedHandler();
    const failure = await failureOf(call(await closedPort(), { handler, timeoutMs: 30 }));
    expect(failure).toMatchObject(UNREACHABLE);
    expect(handler.attempts).toBe(1);
  });

  it('succeeds when it can be made in time', async () => {
    const counted = upstream((_, response) => response.end('late'));
    const port = await closedPort();
    const handler = countedHandler((attempt) => attempt === 2 && listen(counted.server, port));
    expect(await call(port, { handler })).toMatchObject({ statusCode: 200 });
    expect([handler.attempts, counted.requests]).toEqual([2, 1]);
  });
});

it('passes on what the handler has judged itself', async () => {
  const verdict = new PasswordChangeError('upstream_unavailable');
  const handler = countedHandler(() => Promise.reject(verdict));
  expect(await failureOf(call(1, { handler }))).toBe(verdict);
  expect(handler.attempts).toBe(1);
});

it('keeps what a handler throws as the cause, and nothing of it anywhere else', async () => {
  const cause = new Error('canary');
  const failure = await failureOf(call(1, { handler: { handle: () => Promise.reject(cause) } }));
  expect(failure.cause).toBe(cause);
  expect([JSON.stringify(failure), failure.message, failure.stack].join()).not.toContain('canary');
});

describe("the caller's signal", () => {
  it('keeps everything back when it was aborted before', async () => {
    const handler = countedHandler();
    const failure = await failureOf(call(1, { handler, signal: AbortSignal.abort() }));
    expect(failure).toMatchObject(UNREACHABLE);
    expect(handler.attempts).toBe(0);
  });

  it('ends a call that is under way as unknown', async () => {
    const abort = new AbortController();
    const counted = upstream(() => {
      abort.abort();
    });
    const failure = await failureOf(call(await listen(counted.server), { signal: abort.signal }));
    expect(failure).toMatchObject({ ...UNKNOWN, code: 'upstream_timeout' });
    expect(counted.requests).toBe(1);
  });

  it('ends the pause between attempts to connect', async () => {
    const abort = new AbortController();
    const before = timers();
    let attempts = 0;
    let abortedAt = 0;
    const handler: UpstreamHandler = {
      handle: () => {
        attempts += 1;
        // The second pause is 200 ms: long enough to see that it was cut short.
        if (attempts === 2)
          setTimeout(() => {
            abortedAt = performance.now();
            abort.abort();
          }, 1);
        return Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }));
      },
    };
    expect(await failureOf(call(1, { handler, signal: abort.signal }))).toMatchObject(UNREACHABLE);
    expect(performance.now() - abortedAt).toBeLessThan(150);
    expect(attempts).toBe(2);
    await sleep(20);
    expect(timers()).toBeLessThanOrEqual(before);
  });

  it('is left without a listener', async () => {
    const { server } = upstream((_, response) => response.end());
    const { signal } = new AbortController();
    await call(await listen(server), { signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('upstreamReference', () => {
  const answer = (headers: Record<string, string>) => ({ statusCode: 400, headers, body: new Uint8Array() });

  it.each([
    [{ 'x-amzn-requestid': '0a-B_1' }, '0a-B_1'],
    [{ 'x-amz-request-id': 'r-2' }, 'r-2'],
    [{ 'x-amzn-requestid': 'not an id' }, undefined],
    [{ 'x-amzn-requestid': 'x'.repeat(65) }, undefined],
    [{}, undefined],
  ])('of %j has the request id %j', (headers, requestId) => {
    expect(upstreamReference('iam', answer(headers)).requestId).toBe(requestId);
  });

  it.each([
    ['NoSuchEntity', 'NoSuchEntity'],
    ['Client.Odd_1', 'Client.Odd_1'],
    ['', undefined],
    ['The password x is wrong', undefined],
    ['x'.repeat(129), undefined],
  ])('of the error name %j has %j', (name, error) => {
    expect(upstreamReference('iam', answer({}), name).error).toBe(error);
  });

  it('holds what is known and no more', () => {
    expect(upstreamReference('iam', undefined)).toStrictEqual({ service: 'iam' });
    expect(upstreamReference('iam', answer({}), 'Oops')).toStrictEqual({ service: 'iam', error: 'Oops' });
  });
});

/** A body that is no stream of Node.js: it can be read and not be closed. */
async function* endless(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(1);
  await new Promise(() => undefined);
}

function handlerOf(response: Awaited<ReturnType<UpstreamHandler['handle']>>['response']): UpstreamHandler {
  return { handle: () => Promise.resolve({ response }) };
}
