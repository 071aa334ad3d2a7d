import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { HeaderLine } from './signed-form.js';

/** A request as it stands on the wire. */
export interface RawRequest {
  /** Without the version. */
  readonly requestLine: string;
  readonly headers: readonly HeaderLine[];
  readonly body: string;
}

/** The first answer to a request. */
export interface RawAnswer {
  /** 0 when the connection was closed without an answer. */
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The statuses of all answers on the connection. */
  readonly statuses: readonly number[];
}

/** The bytes of a request; `Content-Length` is added unless the headers frame the body themselves. */
export function bytesOf({ requestLine, headers, body }: RawRequest): string {
  const framed = headers.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  const length: HeaderLine[] = framed ? [] : [['Content-Length', `${Buffer.byteLength(body, 'latin1')}`]];
  const lines = [...headers, ...length].map(([name, value]) => `${name}: ${value}`);
  return `${[`${requestLine} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n${body}`;
}

const QUIET_MS = 60;
const ANSWERS_WITHIN_MS = 15_000;

/**
 * Sends bytes, one per character, and reads answers until the connection closes or no more come.
 *
 * @param answers how many answers to wait for
 */
export async function sendBytes(url: string, bytes: string, answers = 1): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  const state = { open: true };
  socket.setEncoding('latin1').on('data', (chunk) => (received += String(chunk)));
  // A reset is one way to close.
  socket.on('error', () => undefined);
  void once(socket, 'close').then(() => (state.open = false));
  // The other side may hear that nothing follows: half-closed, as a client that died leaves it.
  socket.write(Buffer.from(bytes, 'latin1'));
  for (let waited = 0; state.open && count(received) < answers && waited < ANSWERS_WITHIN_MS; waited += 5) {
    await sleep(5);
  }
  await sleep(QUIET_MS);
  socket.destroy();
  return parse(received);
}

/** Sends bytes that are not a whole request, and goes. */
export async function sendAndLeave(url: string, bytes: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.end(Buffer.from(bytes, 'latin1'));
  socket.resume();
  await once(socket, 'close');
}

function count(received: string): number {
  return received.split(/HTTP\/1\.1 \d{3} /).length - 1;
}

function parse(received: string): RawAnswer {
  const statuses = [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  const [head = '', ...rest] = received.split('\r\n\r\n');
  const lines = head.split('\r\n').slice(1);
  const headers = new Headers(
    lines.map((line): [string, string] => [
      line.slice(0, line.indexOf(':')),
      line.slice(line.indexOf(':') + 1),
    ]),
  );
  const text = rest.join('\r\n\r\n').slice(0, Number(headers.get('content-length') ?? Infinity));
  return { status: statuses[0] ?? 0, headers, text, statuses };
}
