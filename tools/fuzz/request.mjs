import { Buffer } from 'node:buffer';
import fc from 'fast-check';

export const ROUTE = '/password/change';

/** Where something is bent, as a part of the whole. Even, unlike fast-check's doubles, most of which are next to 0. */
export const PLACE = fc.integer({ min: 0, max: 999 }).map((number) => number / 1000);

/** A request as bytes; each character of the head is one byte. */
export function requestBytes({ line = `POST ${ROUTE} HTTP/1.1`, headers, body }) {
  const head = [line, ...headers.map(([name, value]) => `${name}: ${value}`)].join('\r\n');
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`, 'latin1'), Buffer.from(body)]);
}

/** Header lines around those of a credential. */
export function ordinary(body, ...headers) {
  return [
    ['Host', 'gateway.test'],
    ['Content-Type', 'application/json'],
    ['Content-Length', String(Buffer.byteLength(body))],
    ...headers,
  ];
}

/** A body in chunks of these sizes, the last one taking the rest. */
export function chunked(body, sizes) {
  const bytes = Buffer.from(body);
  const parts = [];
  let offset = 0;
  for (const size of [...sizes, bytes.length]) {
    const part = bytes.subarray(offset, offset + size);
    offset += part.length;
    if (part.length > 0)
      parts.push(Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from('\r\n'));
  }
  return Buffer.concat([...parts, Buffer.from('0\r\n\r\n')]);
}

/** A value in one of four cases, else null. */
export function sometimes(arbitrary) {
  return fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}

/** A value in one of ten cases, else null. */
export function seldom(arbitrary) {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });
}
