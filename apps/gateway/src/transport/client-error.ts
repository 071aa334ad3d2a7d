import { PasswordChangeError, type ProblemCode, problemDefinition } from '@password-gateway/errors';
import { randomUUID } from 'node:crypto';
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import { PROBLEM_TYPE, problemBody } from '../problem/problem.js';
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
 * connection: what follows on it cannot be trusted.
 *
 * @param publicUrl where callers see the gateway; empty makes links relative
 */
export function answerClientErrors(publicUrl: string) {
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
    const { status, requestId, body } = rawProblem(code, publicUrl);
    socket.end(
      [
        `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
        `Content-Type: ${PROBLEM_TYPE}`,
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Cache-Control: no-store',
        `X-Request-Id: ${requestId}`,
        'Connection: close',
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
 * @param publicUrl where callers see the gateway; empty makes links relative
 */
export function answerExpectations(publicUrl: string) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    closing.add(request.socket);
    const { status, requestId, body } = rawProblem('request_malformed', publicUrl);
    response.writeHead(status, {
      'Content-Type': PROBLEM_TYPE,
      'Cache-Control': 'no-store',
      'X-Request-Id': requestId,
      Connection: 'close',
    });
    response.end(body);
  };
}

function rawProblem(
  code: ProblemCode,
  publicUrl: string,
): { status: number; requestId: string; body: string } {
  const requestId = randomUUID();
  const body = JSON.stringify(problemBody(new PasswordChangeError(code), requestId, publicUrl));
  return { status: problemDefinition(code).status, requestId, body };
}
