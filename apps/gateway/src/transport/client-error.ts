import { PasswordChangeError, type ProblemCode } from '@password-gateway/errors';
import { randomUUID } from 'node:crypto';
import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import type { DialectAnswer } from '../dialect/dialect.js';
import type { DialectTeller } from '../dialect/dialects.js';
import { hasIdempotencyKey } from '../ledger/idempotency-key.js';
import { inDoubt, KEY_NOT_LOOKED_UP } from '../ledger/judged-answer.js';
import { noteFailure } from '../password/attempt.js';
import { endConnection, isEnding, openRequests, wasAnsweredEarly } from './connections.js';

/** Closed with bytes unread, a connection is reset, and the caller may never see the answer. */
const LINGER_MS = 500;

const CODES: Readonly<Record<string, ProblemCode>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
  HPE_HEADER_OVERFLOW: 'headers_too_large',
};

/**
 * Answers what Node's HTTP parser refuses (bad framing, headers too large, too slow) as a raw problem, then closes the
 * connection: what follows on it cannot be trusted. Where the headers had come, it is answered in their dialect.
 *
 * @param tellDialect tells the dialect of a request
 */
export function answerClientErrors(tellDialect: DialectTeller) {
  return (error: NodeJS.ErrnoException, socket: Socket): void => {
    if (isEnding(socket)) return;
    if (wasAnsweredEarly(socket)) {
      socket.destroySoon();
      return;
    }
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    endConnection(socket);
    if (endsAfterRunning(socket)) return;
    const requests = openRequests(socket);
    const code = CODES[error.code ?? ''] ?? 'request_malformed';
    const headers = requests[0]?.response.req.headers;
    const refusal = refusalOf(code, headers);
    for (const { attempt } of requests) noteFailure(attempt, refusal);
    endWith(socket, rawProblem(refusal, tellDialect, headers));
  };
}

/**
 * Refuses CONNECT, which Node hands over with the connection: the gateway is no tunnel.
 *
 * @param tellDialect tells the dialect of a request
 */
export function refuseTunnels(tellDialect: DialectTeller) {
  return (_request: IncomingMessage, socket: Socket): void => {
    endConnection(socket);
    socket.on('error', () => undefined);
    // Node has let go of the connection: nobody else tells its requests that it is gone.
    const requests = [...openRequests(socket)];
    socket.once('close', () => {
      for (const { response } of requests) if (!response.closed) response.emit('close');
    });
    if (!endsAfterRunning(socket)) endWith(socket, rawProblem(refusalOf('route_not_found'), tellDialect));
  };
}

/**
 * Lets the changes of a connection that run end it after their answers. A request that has arrived whole is on its way to
 * the service, and what is written now would be read as its answer.
 *
 * @returns whether there is one
 */
function endsAfterRunning(socket: Socket): boolean {
  const running = openRequests(socket).filter(
    ({ response }) => response.req.complete && !response.writableEnded,
  );
  running.at(-1)?.response.once('finish', () => {
    socket.destroySoon();
  });
  return running.length > 0;
}

function endWith(socket: Socket, { status, headers, body }: DialectAnswer): void {
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
  // The other side may be dripping bytes for ever.
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}

/**
 * Answers an `Expect` header other than `100-continue`, which Node hands over here instead of to the routes.
 *
 * @param tellDialect tells the dialect of a request
 */
export function answerExpectations(tellDialect: DialectTeller) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    endConnection(request.socket);
    const { status, headers, body } = rawProblem(
      refusalOf('request_malformed', request.headers),
      tellDialect,
      request.headers,
    );
    response.writeHead(status, headers).end(body);
  };
}

/** What is refused here was not looked for in the ledger. */
function refusalOf(code: ProblemCode, headers: IncomingHttpHeaders = {}): PasswordChangeError {
  const error = new PasswordChangeError(code);
  return hasIdempotencyKey(headers) ? inDoubt(error, KEY_NOT_LOOKED_UP) : error;
}

function rawProblem(
  error: PasswordChangeError,
  tellDialect: DialectTeller,
  requestHeaders: IncomingHttpHeaders = {},
): DialectAnswer {
  const requestId = randomUUID();
  const answer = tellDialect(requestHeaders).problem(error, requestId);
  const headers = { 'Cache-Control': 'no-store', 'X-Request-Id': requestId, Connection: 'close' };
  return { ...answer, headers: { ...answer.headers, ...headers } };
}
