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
    const requests = openRequests(socket);
    // A request that has arrived whole is on its way to the service, also when what follows it came in the same packet.
    const running = [...requests.values()].filter(({ req, writableEnded }) => req.complete && !writableEnded);
    if (running.length > 0) {
      // What is written now would be read as the answer of a change that runs: it gets its own, and then the end.
      running.at(-1)?.once('finish', () => {
        socket.destroySoon();
      });
      return;
    }
    const code = CODES[error.code ?? ''] ?? 'request_malformed';
    for (const attempt of requests.keys()) attempt.code = code;
    const [begun] = requests.values();
    const { status, headers, body } = rawProblem(code, tellDialect, begun?.req.headers);
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
  };
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
