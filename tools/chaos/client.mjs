import { Buffer } from 'node:buffer';
import { request } from 'node:http';
import { performance } from 'node:perf_hooks';

/** Far beyond what any request may take; a client that waits for ever would hide a hang. */
const GIVES_UP_AFTER_MS = 30_000;

/**
 * Sends a change over a connection of its own.
 *
 * @param port of the balancer
 * @param change headers and body; `address`: where the client calls from
 * @returns the answer, or `lost`, with how long it took and the port that it came from
 */
export function sendChange(port, { headers, body, address }) {
  const started = performance.now();
  return new Promise((resolve) => {
    let clientPort = 0;
    const done = (result) => resolve({ ...result, clientPort, ms: performance.now() - started });
    const sent = request(
      {
        ...{ host: '127.0.0.1', port, path: '/password/change', method: 'POST', agent: false },
        localAddress: address,
        timeout: GIVES_UP_AFTER_MS,
        headers: {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
          Connection: 'close',
          ...headers,
        },
      },
      (answer) => {
        const chunks = [];
        answer.on('data', (chunk) => chunks.push(chunk));
        answer.on('error', () => done({ lost: true }));
        answer.on('end', () => done(read(answer, Buffer.concat(chunks).toString('utf8'))));
      },
    );
    sent.on('socket', (socket) => socket.on('connect', () => (clientPort = socket.localPort)));
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => done({ lost: true }));
    sent.end(body);
  });
}

function read({ statusCode: status, headers, complete }, text) {
  if (!complete) return { lost: true };
  const { code = 'changed', outcome = 'changed', retryable = false } = JSON.parse(text);
  return {
    lost: false,
    ...{ status, code, outcome, retryable },
    replayed: headers['idempotency-replayed'] === 'true',
    retryAfterMs: headers['retry-after'] === undefined ? undefined : Number(headers['retry-after']) * 1000,
  };
}
