import { PasswordChangeError, type ProblemCode } from '@password-gateway/errors';
import { randomUUID } from 'node:crypto';
import { type IncomingHttpHeaders, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import type { DialectAnswer } from '../dialect/dialect.js';
import type { DialectTeller } from '../dialect/dialects.js';
import { openRequests, wasAnsweredEarly } from './connections.js';

/** Connections whose last answer is on its way: what follows on them is read and thrown away. */
const closing = new WeakSet<Socket>();

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
    if (closing.has(socket)) return;
    if (wasAnsweredEarly(socket)) {
      socket.destroySoon();
      return;
    }
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    closing.add(socket);
    if (endsAfterRunning(socket)) return;
    const requests = openRequests(socket);
    const code = CODES[error.code ?? ''] ?? 'request_malformed';
    for (const { attempt } of requests) attempt.code = code;
    endWith(socket, rawProblem(code, tellDialect, requests[0]?.response.req.headers));
  };
}

/**
 * Refuses CONNECT, which Node hands over with the connection: the gateway is no tunnel.
 *
 * @param tellDialect tells the dialect of a request
 */
export function refuseTunnels(tellDialect: DialectTeller) {
  return (_request: IncomingMessage, socket: Socket): void => {
    closing.add(socket);
    socket.on('error', () => undefined);
    if (!endsAfterRunning(socket)) endWith(socket, rawProblem('route_not_found', tellDialect));
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
    closing.add(request.socket);
    const { status, headers, body } = rawProblem('request_malformed', tellDialect, request.headers);
    response.writeHead(status, headers).end(body);
  };
}

function rawProblem(
  code: ProblemCode,
  tellDialect: DialectTeller,
  requestHeaders: IncomingHttpHeaders = {},
): DialectAnswer {
  const requestId = randomUUID();
  const answer = tellDialect(requestHeaders).problem(new PasswordChangeError(code), requestId);
  const headers = { 'Cache-Control': 'no-store', 'X-Request-Id': requestId, Connection: 'close' };
  return { ...answer, headers: { ...answer.headers, ...headers } };
}
