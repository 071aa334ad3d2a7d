import { createHash } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { ProblemCode } from '@password-gateway/errors';
import type { SignedIamRequest } from '@password-gateway/provider-iam/signer';

import { expectChanged, expectProblem } from './support/expect-problem.js';
import { PASSWORDS } from './support/http.js';
import { lines, ordinary, type RawRequest, sendRequest } from './support/raw-socket.js';
import { startStack, type Stack } from './support/stack.js';
import { cognitoUser, iamUser, signed } from './support/users.js';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterEach(() => {
  stack.sandbox.reset();
});

afterAll(() => stack.close());

/** Good credentials to spoil. */
interface Good {
  /** `Authorization: Bearer …` */
  readonly bearer: string;
  /** Headers of a signed request with long-term keys. */
  readonly signed: SignedIamRequest;
  /** The same with a session token. */
  readonly session: SignedIamRequest;
}

async function good(): Promise<Good> {
  const { userName, keys } = iamUser(stack);
  return {
    bearer: `Authorization: ${cognitoUser(stack).auth.Authorization}`,
    signed: await signed(keys),
    session: await signed(stack.sandbox.iam.createSession(userName)),
  };
}

/** One hostile case: what is sent, and what must come back. */
interface Case {
  readonly name: string;
  readonly code?: ProblemCode;
  readonly detail?: RegExp;
  readonly request: (good: Good) => string[] | RawRequest;
}

/** The signed headers with another `Authorization`. */
function authorization(headers: SignedIamRequest, edit: (value: string) => string): string[] {
  return lines({ ...headers, Authorization: edit(headers.Authorization) });
}

function signedHeaders(list: string): Case['request'] {
  return ({ signed }) =>
    authorization(signed, (value) => value.replace(/SignedHeaders=[^,]*/, `SignedHeaders=${list}`));
}

function scope(from: RegExp, to: string): Case['request'] {
  return ({ signed }) => authorization(signed, (value) => value.replace(from, to));
}

function bodyHash(hash: string): Case['request'] {
  return ({ signed }) => lines({ ...signed, 'X-Amz-Content-Sha256': hash });
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function expectRefused({
  code,
  detail,
  request,
}: Required<Pick<Case, 'code' | 'request'>> & Pick<Case, 'detail'>) {
  const made = request(await good());
  const answer = await sendRequest(stack, Array.isArray(made) ? { headers: ordinary(...made) } : made);
  expectProblem(answer, code, detail && { detail });
  expect(answer.answers).toBe(1);
  expect(stack.sandbox.callCount).toBe(0);
  return answer;
}

describe('the unspoilt requests are good', () => {
  it.each([
    ['cognito' as const, 'Bearer', ({ bearer }: Good) => [bearer]],
    ['iam' as const, 'long-term keys', (made: Good) => lines(made.signed)],
    ['iam' as const, 'session token', (made: Good) => lines(made.session)],
  ])('%s, %s', async (provider, _name, headersOf) => {
    const answer = await sendRequest(stack, { headers: ordinary(...headersOf(await good())) });
    expectChanged(answer, provider);
    expect(answer.closed).toBe(false);
  });

  it('scheme and commas in other spellings', async () => {
    const { bearer, signed: headers } = await good();
    const loud = bearer.replace('Authorization: Bearer', 'AUTHORIZATION: bEARER');
    expectChanged(await sendRequest(stack, { headers: ordinary(loud) }), 'cognito');
    const tight = authorization(headers, (value) => value.replaceAll(', ', ','));
    expectChanged(await sendRequest(stack, { headers: ordinary(...tight) }), 'iam');
  });
});

describe('two credentials in one request -> 401 credential_malformed', () => {
  const cases: readonly Case[] = [
    { name: 'two Authorization headers', request: ({ bearer }) => [bearer, bearer] },
    {
      name: 'two Authorization headers, in other case',
      request: ({ bearer }) => [bearer, bearer.replace('A', 'a')],
    },
    { name: 'Bearer, then AWS4', request: ({ bearer, signed }) => [bearer, ...lines(signed)] },
    { name: 'AWS4, then Bearer', request: ({ bearer, signed }) => [...lines(signed), bearer] },
    {
      name: 'Bearer a, AWS4… in one header',
      request: (made) => [`${made.bearer}, ${made.signed.Authorization}`],
    },
    {
      name: 'AWS4…, Bearer a in one header',
      request: (made) => authorization(made.signed, (value) => `${value}, ${made.bearer.slice(15)}`),
    },
    {
      name: 'Bearer with X-Amz-Date',
      request: (made) => [made.bearer, `X-Amz-Date: ${made.signed['X-Amz-Date']}`],
    },
    {
      name: 'Bearer with X-Amz-Security-Token',
      request: ({ bearer }) => [bearer, 'X-Amz-Security-Token: abc'],
    },
    {
      name: 'two X-Amz-Date',
      request: (made) => [...lines(made.signed), `X-Amz-Date: ${made.signed['X-Amz-Date']}`],
    },
    {
      name: 'two X-Amz-Security-Token',
      request: (made) => [...lines(made.session), 'x-amz-security-token: other'],
    },
    {
      name: 'two X-Amz-Content-Sha256',
      request: (made) => [
        ...lines(made.signed),
        ...['a', 'b'].map((digit) => `X-Amz-Content-Sha256: ${digit.repeat(64)}`),
      ],
    },
  ];

  it.each(cases)('$name', async ({ request, ...row }) => {
    await expectRefused({ code: 'credential_malformed', ...row, request });
  });
});

describe('other headers twice -> 400 request_malformed, closed', () => {
  it.each(['Host: iam.amazonaws.com', 'Content-Type: application/json', 'Idempotency-Key: b'])(
    'two %s',
    async (line) => {
      const { closed } = await expectRefused({
        code: 'request_malformed',
        request: ({ bearer }) => [
          bearer,
          ...(line.startsWith('Idempotency-Key') ? ['Idempotency-Key: a'] : []),
          line,
        ],
      });
      expect(closed).toBe(true);
    },
  );
});

it('no Host -> 400 request_malformed, closed', async () => {
  const { closed } = await expectRefused({
    code: 'request_malformed',
    request: ({ bearer }) => ({ headers: ordinary(bearer).slice(1) }),
  });
  expect(closed).toBe(true);
});

describe('a query string -> 400 request_malformed', () => {
  it.each([
    '?Action=DeleteUser',
    '?Action=DeleteUser&UserName=bob&Version=2010-05-08',
    '?X-Amz-Signature=abc&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE',
    '?',
  ])('%s', async (query) => {
    await expectRefused({
      code: 'request_malformed',
      detail: /takes no query string/,
      request: ({ signed }) => ({
        requestLine: `POST /password/change${query} HTTP/1.1`,
        headers: ordinary(...lines(signed)),
      }),
    });
  });
});

describe('other targets -> 404', () => {
  it.each([
    'http://iam.amazonaws.com/',
    'http://iam.amazonaws.com/password/change',
    '/',
    '//password/change',
    '/password/change;a=b',
    '/PASSWORD/CHANGE',
    '/password/%63hange/..',
  ])('%s', async (target) => {
    await expectRefused({
      code: 'route_not_found',
      request: ({ signed }) => ({
        requestLine: `POST ${target} HTTP/1.1`,
        headers: ordinary(...lines(signed)),
      }),
    });
  });
});

describe('SigV4 grammar and scope -> 401', () => {
  const cases: readonly Case[] = [
    {
      name: 'SignedHeaders repeated',
      detail: /sorted/,
      request: signedHeaders('content-type;host;host;x-amz-date'),
    },
    {
      name: 'SignedHeaders unsorted',
      detail: /sorted/,
      request: signedHeaders('host;content-type;x-amz-date'),
    },
    {
      name: 'SignedHeaders in upper case',
      detail: /lower case/,
      request: signedHeaders('content-type;Host;x-amz-date'),
    },
    {
      name: 'SignedHeaders without host',
      detail: /must hold host/,
      request: signedHeaders('content-type;x-amz-date'),
    },
    {
      name: 'SignedHeaders without x-amz-date',
      detail: /x-amz-date/,
      request: signedHeaders('content-type;host'),
    },
    {
      name: 'SignedHeaders with an unknown header',
      detail: /only/,
      request: signedHeaders('host;x-amz-date;x-evil'),
    },
    {
      name: 'SignedHeaders with x-amz-target',
      detail: /only/,
      request: signedHeaders('host;x-amz-date;x-amz-target'),
    },
    { name: 'SignedHeaders empty', request: signedHeaders('') },
    {
      name: 'SignedHeaders with a hash that was not sent',
      detail: /not sent/,
      request: signedHeaders('host;x-amz-content-sha256;x-amz-date'),
    },
    {
      name: 'a security token sent but unsigned',
      detail: /Security-Token/,
      request: ({ signed }) => lines({ ...signed, 'X-Amz-Security-Token': 'FwoGZXIvYXdzE' }),
    },
    {
      name: 'a security token signed but not sent',
      detail: /Security-Token/,
      request: ({ session: { Authorization, 'X-Amz-Date': date } }) =>
        lines({ Authorization, 'X-Amz-Date': date }),
    },
    { name: 'region eu-west-1', detail: /region|us-east-1/i, request: scope(/us-east-1/, 'eu-west-1') },
    { name: 'service sts', detail: /service/, request: scope(/\/iam\//, '/sts/') },
    {
      name: 'scope date other than the day of X-Amz-Date',
      detail: /day/,
      request: scope(/\/\d{8}\//, '/20200101/'),
    },
    { name: 'another terminator', detail: /aws4_request/, request: scope(/aws4_request/, 'aws5_request') },
    {
      name: 'an access key id of 15 characters',
      request: scope(/Credential=\w+/, 'Credential=AKIAIOSFODNN7EX'),
    },
    { name: 'an access key id with a slash more', request: scope(/Credential=/, 'Credential=x/') },
    { name: 'a signature in upper case', request: scope(/[0-9a-f]{64}$/, 'ABCDEF0123456789'.repeat(4)) },
    { name: 'a signature of 63 digits', request: scope(/.$/, '') },
    { name: 'two signatures', request: scope(/$/, `, Signature=${'a'.repeat(64)}`) },
    {
      name: 'two credentials in the header',
      request: scope(/ SignedHeaders/, ' Credential=x, SignedHeaders'),
    },
    { name: 'words before the algorithm', request: scope(/^/, 'x') },
    { name: 'the algorithm in lower case', request: scope(/^AWS4-HMAC-SHA256/, 'aws4-hmac-sha256') },
    {
      name: 'AWS4-ECDSA',
      detail: /AWS4-HMAC-SHA256/,
      request: scope(/^AWS4-HMAC-SHA256/, 'AWS4-ECDSA-P256-SHA256'),
    },
    {
      name: 'AWS signature version 2',
      request: () => ['Authorization: AWS AKIAIOSFODNN7EXAMPLE:frJIUN8DYpKDtOLCwo='],
    },
    { name: 'Basic', request: () => ['Authorization: Basic Ym9iOkJhdHRlcnktU3RhcGxlLTE='] },
    { name: 'Bearer without a token', request: () => ['Authorization: Bearer '] },
    {
      name: 'Date without X-Amz-Date',
      detail: /X-Amz-Date/,
      request: ({ signed: { Authorization, 'X-Amz-Date': Date } }) => lines({ Authorization, Date }),
    },
    {
      name: 'X-Amz-Date in another form',
      detail: /X-Amz-Date/,
      request: ({ signed }) => lines({ ...signed, 'X-Amz-Date': new Date().toISOString() }),
    },
    {
      name: 'a month 13',
      request: ({ signed }) =>
        lines({
          ...signed,
          Authorization: signed.Authorization.replace(/\/\d{8}\//, '/20261301/'),
          'X-Amz-Date': '20261301T000000Z',
        }),
    },
  ];

  it.each(cases)('$name', async ({ request, ...row }) => {
    await expectRefused({ code: 'credential_malformed', ...row, request });
  });

  it.each([-16, 16])('date %d minutes off -> credential_expired', async (minutes) => {
    const headers = await signed(iamUser(stack).keys, {}, new Date(Date.now() + minutes * 60_000));
    await expectRefused({
      code: 'credential_expired',
      detail: /15 minutes apart/,
      request: () => lines(headers),
    });
  });

  it.each([-14, 14])('date %d minutes off is good', async (minutes) => {
    const headers = await signed(iamUser(stack).keys, {}, new Date(Date.now() + minutes * 60_000));
    expectChanged(await sendRequest(stack, { headers: ordinary(...lines(headers)) }), 'iam');
  });
});

describe('content hash -> 401 signature_mismatch', () => {
  it.each([
    { name: 'UNSIGNED-PAYLOAD', request: bodyHash('UNSIGNED-PAYLOAD') },
    { name: 'STREAMING-…', request: bodyHash('STREAMING-AWS4-HMAC-SHA256-PAYLOAD') },
    { name: 'the hash of another body', request: bodyHash(sha256('Action=DeleteUser&Version=2010-05-08')) },
    { name: 'the hash of the JSON body', request: bodyHash(sha256(JSON.stringify(PASSWORDS))) },
    { name: 'the hash of the empty body', request: bodyHash(sha256('')) },
  ])('$name', async ({ request }) => {
    await expectRefused({ code: 'signature_mismatch', request });
  });
});

describe('odd bytes in headers -> 400, closed', () => {
  it.each([
    ['Latin-1 in a header that is read', 'Accept: caf\xe9'],
    ['Latin-1 in a credential header', 'X-Amz-Security-Token: caf\xe9'],
    ['DEL', 'X-Note: a\x7fb'],
    ['NUL', 'X-Note: a\0b'],
    ['CR', 'X-Note: a\rb'],
    ['bare LF', 'X-Note: a\nX-Injected: b'],
    ['obs-fold', 'X-Note: a\r\n b'],
    ['obs-fold in Authorization', 'Authorization:\r\n Bearer abc'],
    ['a space before the colon', 'X-Note : a'],
    ['no name', ': a'],
    ['no colon', 'X-Note'],
  ])('%s', async (name, line) => {
    const { closed } = await expectRefused({
      code: 'request_malformed',
      request: ({ bearer }) => (name.includes('Authorization') ? [line] : [bearer, line]),
    });
    expect(closed).toBe(true);
  });

  it.each(['CF-IPCity: S\xc3\xa3o Paulo', 'X-Note: caf\xe9', 'X-Request-Id: caf\xe9', 'Cookie: a=\xff'])(
    'above ASCII in a header that nobody reads refuse nobody: %j',
    async (line) => {
      const answer = await sendRequest(stack, { headers: ordinary(...lines(cognitoUser(stack).auth), line) });
      expectChanged(answer, 'cognito');
    },
  );

  it('a header of 200 KB -> 431 all the same, read before the connection is reset', async () => {
    const { hostname, port } = new URL(stack.url);
    for (let again = 0; again < 5; again++) {
      const socket = connect(Number(port), hostname);
      socket.write(`POST /password/change HTTP/1.1\r\nHost: h\r\nX: ${'x'.repeat(200_000)}\r\n\r\n`);
      expect(await text(socket)).toMatch(/^HTTP\/1\.1 431 /);
    }
  });
});

describe('framing', () => {
  const json = JSON.stringify(PASSWORDS);
  const chunked = `${json.length.toString(16)}\r\n${json}\r\n0\r\n\r\n`;
  /** What a proxy that reads the framing in another way would take for the next request. */
  const smuggled = 'GET /health/live HTTP/1.1\r\nHost: gateway.test\r\n\r\n';

  it.each([
    [
      'Content-Length with Transfer-Encoding',
      [`Content-Length: ${json.length}`, 'Transfer-Encoding: chunked'],
      chunked,
    ],
    [
      'Transfer-Encoding with Content-Length',
      ['Transfer-Encoding: chunked', `Content-Length: ${json.length}`],
      chunked,
    ],
    [
      'two Content-Length, the same',
      [`Content-Length: ${json.length}`, `Content-Length: ${json.length}`],
      json,
    ],
    ['two Content-Length', [`Content-Length: ${json.length}`, 'Content-Length: 5'], json],
    ['Content-Length as a list', [`Content-Length: ${json.length}, ${json.length}`], json],
    ['Content-Length with a sign', [`Content-Length: +${json.length}`], json],
    ['Content-Length below zero', ['Content-Length: -1'], json],
    ['Transfer-Encoding: xchunked', ['Transfer-Encoding: xchunked'], chunked],
    ['Transfer-Encoding: chunked, identity', ['Transfer-Encoding: chunked, identity'], chunked],
    ['two Transfer-Encoding', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], chunked],
    ['a chunk without a length', ['Transfer-Encoding: chunked'], `${json}\r\n0\r\n\r\n`],
    ['a chunk length of 20 digits', ['Transfer-Encoding: chunked'], `${'f'.repeat(20)}\r\n${json}`],
  ])('%s -> 400, closed', async (_name, framing, body) => {
    const { closed } = await expectRefused({
      code: 'request_malformed',
      request: ({ bearer }) => ({
        headers: ['Host: gateway.test', 'Content-Type: application/json', bearer, ...framing],
        body: body + smuggled,
      }),
    });
    expect(closed).toBe(true);
  });

  it('garbage in many packets behind a running change: one answer, its own, and nothing on stderr', async () => {
    const warnings: unknown[] = [];
    process.on('warning', (warning) => warnings.push(warning));
    const user = cognitoUser(stack);
    stack.sandbox.faults.next({ fault: { kind: 'delay', ms: 400 } });
    const { hostname, port } = new URL(stack.url);
    const socket = connect({ port: Number(port), host: hostname, noDelay: true });
    socket.on('error', () => undefined);
    const head = ['POST /password/change HTTP/1.1', ...ordinary(...lines(user.auth))];
    socket.write(`${head.join('\r\n')}\r\n\r\n${JSON.stringify(PASSWORDS)}`);
    const garbage = setInterval(() => socket.write('GARBAGE'), 10);
    const received = await text(socket);
    clearInterval(garbage);
    expect(received.match(/HTTP\/1\.1 \d{3} /g)).toEqual(['HTTP/1.1 200 ']);
    expect(warnings).toEqual([]);
  });

  it('bad framing without a content type has one answer, and is closed', async () => {
    const answer = await sendRequest(stack, {
      headers: ['Host: gateway.test', 'Transfer-Encoding: xchunked'],
      body: '',
    });
    expectProblem(answer, 'media_type_unsupported');
    expect(answer).toMatchObject({ answers: 1, closed: true });
  });

  it('plain chunked JSON works', async () => {
    const { bearer } = await good();
    const headers = [
      'Host: gateway.test',
      'Content-Type: application/json',
      bearer,
      'Transfer-Encoding: chunked',
    ];
    expectChanged(await sendRequest(stack, { headers, body: chunked }), 'cognito');
  });

  it('a header of 17 KiB -> 431, closed', async () => {
    const { closed } = await expectRefused({
      code: 'headers_too_large',
      request: ({ bearer }) => [bearer, `X-Large: ${'x'.repeat(17 * 1024)}`],
    });
    expect(closed).toBe(true);
  });
});
