import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import { type Answer, toAnswer } from './answer.js';
import { PASSWORDS } from './http.js';

/** The first answer on a connection, and what became of the connection. */
export interface RawAnswer extends Answer {
  /** The gateway closed the connection after its answer. */
  readonly closed: boolean;
  /** How many answers came. */
  readonly answers: number;
}

/** How long the gateway may take to close a connection that it said it would close. */
const CLOSES_WITHIN_MS = 2_000;

/** How long a connection that should stay open is watched for more. */
const WATCHED_MS = 20;

/** How long it may take to answer. */
const ANSWERS_WITHIN_MS = 15_000;

/** The lines of a POST to the one route, `Host` and body framing not among them. */
export interface RawRequest {
  /** Default `POST /password/change HTTP/1.1`. */
  readonly requestLine?: string;
  /** Header lines, in order; each character is one byte. */
  readonly headers: readonly string[];
  /** Default a whole change. */
  readonly body?: string | Buffer;
}

const JSON_BODY = JSON.stringify(PASSWORDS);

/** The header lines that an ordinary request has around those of a test. */
export function ordinary(...headers: readonly string[]): string[] {
  return [
    'Host: gateway.test',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(JSON_BODY)}`,
    ...headers,
  ];
}

/** Header lines of an object, `Name: value`. */
export function lines(headers: object): string[] {
  return Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
}

/** Sends a request exactly as written. */
export function sendRequest(stack: { readonly url: string }, request: RawRequest): Promise<RawAnswer> {
  const { requestLine = 'POST /password/change HTTP/1.1', headers, body = JSON_BODY } = request;
  return sendBytes(
    stack,
    Buffer.concat([
      Buffer.from(`${[requestLine, ...headers].join('\r\n')}\r\n\r\n`, 'latin1'),
      Buffer.from(body),
    ]),
  );
}

/** Sends bytes over a connection of their own and reads what comes back. */
export async function sendBytes({ url }: { readonly url: string }, bytes: Buffer): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  // A reset after the answer is one way to close.
  socket.on('error', () => undefined);
  const connection = { open: true };
  const closed = once(socket, 'close').then(() => {
    connection.open = false;
    return true;
  });
  socket.write(bytes);
  const deadline = Date.now() + ANSWERS_WITHIN_MS;
  while (connection.open && !isWhole(Buffer.concat(chunks)) && Date.now() < deadline) await sleep(5);
  const willClose = /^connection: *close\r?$/im.test(Buffer.concat(chunks).toString('latin1'));
  const watchedMs = willClose ? CLOSES_WITHIN_MS : WATCHED_MS;
  const closes = await Promise.race([closed, sleep(watchedMs, false, { ref: false })]);
  socket.destroy();
  return { ...parse(Buffer.concat(chunks)), closed: closes };
}

function split(received: Buffer): { head: string; body: Buffer } | undefined {
  const end = received.indexOf('\r\n\r\n');
  return end < 0
    ? undefined
    : { head: received.toString('latin1', 0, end), body: received.subarray(end + 4) };
}

function isWhole(received: Buffer): boolean {
  const { head, body } = split(received) ?? {};
  const length = /^content-length: *(\d+)$/im.exec(head ?? '')?.[1];
  if (body === undefined || length === undefined) return false;
  return body.length >= Number(length);
}

function parse(received: Buffer): Omit<RawAnswer, 'closed'> {
  const { head, body } = split(received) ?? { head: '', body: received };
  const [statusLine = '', ...headerLines] = head.split('\r\n');
  const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1] ?? 0);
  const headers = new Headers(
    headerLines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
  const length = headers.get('content-length');
  const text = (length === null ? dechunked(body) : body.subarray(0, Number(length))).toString('utf8');
  const answers = received.toString('latin1').split(/HTTP\/1\.1 \d{3} /).length - 1;
  return { ...toAnswer(status, headers, text, Object.values(PASSWORDS)), answers };
}

/** The chunks of an answer without a length, which must have ended with the connection. */
function dechunked(body: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let offset = 0; offset < body.length;) {
    const lineEnd = body.indexOf('\r\n', offset);
    const length = Number.parseInt(body.toString('latin1', offset, lineEnd), 16);
    chunks.push(body.subarray(lineEnd + 2, lineEnd + 2 + length));
    offset = lineEnd + 2 + length + 2;
  }
  return Buffer.concat(chunks);
}
