import { Buffer } from 'node:buffer';
import { connect } from 'node:net';
import { performance } from 'node:perf_hooks';
import { clearTimeout } from 'node:timers';

import { readAnswers } from './answers.mjs';

/** Longest that the gateway may take to answer or to close. */
const ANSWERS_WITHIN_MS = 5_000;

/** The same for a request that never becomes whole: the gateway waits 10 s for it. */
const GIVES_UP_WITHIN_MS = 13_000;

/** After so long without an answer the request may be incomplete: our side of the connection is closed. */
const SILENCE_MS = 400;

/** How long a connection is watched for more answers. */
const QUIET_MS = 10;

/** The same where a request behind the first may still be on its way to AWS. */
const QUIET_UPSTREAM_MS = 60;

/**
 * Sends bytes over a connection of its own and reads until the gateway has answered or closed.
 *
 * @param port of the gateway on loopback
 * @param bytes what is sent
 * @param options `whole`: one complete request, so that the first answer ends it; `patient`: an incomplete request is
 *   left open, for the gateway to give up on; `mayCall`: AWS may be called
 */
export function converse(port, bytes, { whole = false, patient: mayWait = false, mayCall = false }) {
  // The answer to HEAD announces a body that never comes: only the end of the connection tells that it is whole.
  const patient = mayWait && !bytes.includes('HEAD ');
  const quietMs = mayCall ? QUIET_UPSTREAM_MS : QUIET_MS;
  return new Promise((resolve) => {
    const started = performance.now();
    const chunks = [];
    let closed = false;
    let quiet;
    const socket = connect(port, '127.0.0.1');
    const finish = (hung) => {
      clearTimeout(deadline);
      clearTimeout(silence);
      clearTimeout(quiet);
      // A reset leaves no TIME_WAIT behind, so that a long run does not use up the ports.
      socket.resetAndDestroy();
      const received = Buffer.concat(chunks);
      resolve({ ...readAnswers(received, closed), closed, hung, ms: performance.now() - started });
    };
    const deadline = setTimeout(() => finish(true), patient ? GIVES_UP_WITHIN_MS : ANSWERS_WITHIN_MS);
    const silence = setTimeout(() => patient || whole || socket.end(), SILENCE_MS);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      const { answers, rest } = readAnswers(Buffer.concat(chunks), false);
      clearTimeout(quiet);
      if (rest.length > 0 || !answers.some(({ status }) => status >= 200)) return;
      clearTimeout(silence);
      if (whole) finish(false);
      else quiet = setTimeout(finish, quietMs, false);
    });
    // A reset is one way to close.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      closed = true;
      finish(false);
    });
    socket.setNoDelay(true);
    socket.write(bytes);
  });
}
