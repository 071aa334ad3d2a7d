import { PasswordChangeError, type ProblemCode, problemDefinition } from '@password-gateway/errors';
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import { PROBLEM_TYPE, problemBody } from '../problem/problem.js';

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
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    const code = CODES[error.code ?? ''] ?? 'request_malformed';
    const { status } = problemDefinition(code);
    const requestId = randomUUID();
    const body = JSON.stringify(problemBody(new PasswordChangeError(code), requestId, publicUrl));
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
      // The other side may be dripping bytes for ever.
      () => socket.destroy(),
    );
  };
}
