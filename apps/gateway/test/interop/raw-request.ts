import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { type RawAnswer, sendBytes } from '../support/raw-socket.js';
import type { HeaderLine } from './signed-form.js';

/** A request as it stands on the wire. */
export interface RawRequest {
  /** Without the version. */
  readonly requestLine: string;
  readonly headers: readonly HeaderLine[];
  readonly body: string;
}

/** The bytes of a request, one per character; `Content-Length` is added unless the headers frame the body themselves. */
export function bytesOf({ requestLine, headers, body }: RawRequest): Buffer {
  const framed = headers.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  const length: HeaderLine[] = framed ? [] : [['Content-Length', `${Buffer.byteLength(body, 'latin1')}`]];
  const lines = [...headers, ...length].map(([name, value]) => `${name}: ${value}`);
  return Buffer.from(`${[`${requestLine} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n${body}`, 'latin1');
}

/** Sends a request over a connection of its own. */
export function sendRaw(gateway: { readonly url: string }, request: RawRequest): Promise<RawAnswer> {
  return sendBytes(gateway, bytesOf(request));
}

const QUIET_MS = 100;
const ANSWERS_WITHIN_MS = 15_000;

/** The statuses of everything that is answered to these bytes, until the connection is closed or quiet. */
export async function statusesOf(url: string, bytes: Buffer, answers: number): Promise<number[]> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = '';
  const state = { open: true };
  socket.setEncoding('latin1').on('data', (chunk) => (received += String(chunk)));
  // A reset is one way to close.
  socket.on('error', () => undefined);
  socket.once('close', () => (state.open = false));
  socket.write(bytes);
  const statuses = (): number[] =>
    [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status));
  for (let waited = 0; state.open && statuses().length < answers && waited < ANSWERS_WITHIN_MS; waited += 5) {
    await sleep(5);
  }
  await sleep(QUIET_MS);
  socket.destroy();
  return statuses();
}

/** Sends bytes that are not a whole request, and goes. */
export async function sendAndLeave(url: string, bytes: Buffer): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  socket.end(bytes);
  socket.resume();
  await once(socket, 'close');
}
