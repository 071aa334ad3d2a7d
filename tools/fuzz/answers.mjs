import { Buffer } from 'node:buffer';

/**
 * Reads the HTTP answers out of what came over a connection.
 *
 * @param received all bytes
 * @param closed whether the connection has ended, which ends an answer without a length too
 * @returns the whole answers, and the bytes behind them
 */
export function readAnswers(received, closed) {
  const answers = [];
  let rest = received;
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return { answers, rest };
    const head = rest.toString('latin1', 0, end);
    const behind = rest.subarray(end + 4);
    const [statusLine, ...lines] = head.split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(statusLine)?.[1] ?? Number.NaN);
    if (Number.isNaN(status)) return { answers, rest };
    const headers = new Map(lines.map((line) => splitLine(line)));
    const read = headers.get('transfer-encoding') === 'chunked' ? readChunks : readLength;
    const found = read(behind, { status, headers, closed });
    if (found === undefined) return { answers, rest };
    answers.push({ status, headers, head, body: found.body });
    rest = behind.subarray(found.length);
  }
}

/** A body of an announced length; undefined while it is not whole. */
function readLength(behind, { status, headers, closed }) {
  if (status < 200 || status === 204 || status === 304) return part(behind, 0);
  const announced = headers.get('content-length');
  if (announced === undefined) return closed ? part(behind, behind.length) : undefined;
  // An answer to HEAD has the length of a body that does not follow.
  if (behind.length === 0 ? closed : behind.indexOf('HTTP/1.1 ') === 0) return part(behind, 0);
  return behind.length >= Number(announced) ? part(behind, Number(announced)) : undefined;
}

function part(behind, length) {
  return { body: behind.subarray(0, length), length };
}

/** A body in chunks; undefined while it is not whole. */
function readChunks(behind) {
  const chunks = [];
  for (let offset = 0; ;) {
    const lineEnd = behind.indexOf('\r\n', offset);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(behind.toString('latin1', offset, lineEnd), 16);
    offset = lineEnd + 2 + size + 2;
    if (!(offset <= behind.length)) return undefined;
    if (size === 0) return { body: Buffer.concat(chunks), length: offset };
    chunks.push(behind.subarray(lineEnd + 2, offset - 2));
  }
}

function splitLine(line) {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}

/** Bytes as one line of text, for a report. */
export function printable(bytes) {
  return JSON.stringify(Buffer.from(bytes).toString('latin1'));
}
