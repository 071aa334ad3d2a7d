import type { ServerResponse } from 'node:http';
import type { Fault } from '../faults.js';
import type { Answer } from '../service.js';
import { startAnswer, writeAnswer } from './write-answer.js';

/** A fault of the transport: every one but an AWS error, which the service itself answers. */
export type TransportFault = Exclude<Fault, { readonly kind: 'error' }>;

const LOAD_BALANCER_PAGE = '<html><body><b>Http/1.1 Service Unavailable</b></body> </html>';
const WAF_PAGE =
  '<!DOCTYPE html>\n<html><head><title>Human Verification</title></head><body></body></html>\n';
const LOGIN_PAGE =
  '<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head><body><h1>Welcome</h1></body></html>\n';

/**
 * Answers a request wrongly.
 *
 * @param run - makes the true answer; called only by the faults that let the call happen
 * @returns the status that was sent, undefined when none was
 */
export function writeFault(
  response: ServerResponse,
  fault: TransportFault,
  now: Date,
  run: () => Answer,
): number | undefined {
  switch (fault.kind) {
    case 'reset':
      response.req.socket.resetAndDestroy();
      return undefined;
    case 'hang':
      return undefined;
    case 'commit-then-reset':
      run();
      response.req.socket.resetAndDestroy();
      return undefined;
    case 'commit-then-hang':
      run();
      return undefined;
    case 'slow-drip':
      return drip(response, run(), now, fault.bytesPerSecond ?? 1);
    case 'delay':
      return delay(response, run(), now, fault.ms);
    case 'truncated':
      return truncate(response, run(), now, fault.framing ?? 'broken');
    case 'large': {
      const answer = run();
      return whole(response, { ...answer, body: answer.body.padStart(fault.bytes) }, now);
    }
    case 'status': {
      if (fault.commit) run();
      const headers = { 'content-type': fault.contentType ?? 'text/html' };
      return whole(response, { status: fault.status, headers, body: fault.body ?? LOAD_BALANCER_PAGE }, now);
    }
    case 'redirect':
      if (fault.commit) run();
      return whole(
        response,
        { status: fault.status ?? 302, headers: { location: fault.location }, body: '' },
        now,
      );
    case 'html':
      if (fault.commit) run();
      return whole(
        response,
        { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: LOGIN_PAGE },
        now,
      );
    case 'waf': {
      const status = fault.challenge === 'captcha' ? 405 : 202;
      const headers = { 'content-type': 'text/html', 'x-amzn-waf-action': fault.challenge };
      return whole(response, { status, headers, body: WAF_PAGE }, now);
    }
  }
}

function whole(response: ServerResponse, answer: Answer, now: Date): number {
  writeAnswer(response, answer, now);
  return answer.status;
}

function drip(response: ServerResponse, answer: Answer, now: Date, bytesPerSecond: number): number {
  const body = Buffer.from(answer.body);
  startAnswer(response, answer, now, body.length);
  response.flushHeaders();
  let sent = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(sent, sent + 1));
    sent += 1;
    if (sent >= body.length) response.end();
  }, 1000 / bytesPerSecond);
  response.on('close', () => {
    clearInterval(timer);
  });
  return answer.status;
}

function delay(response: ServerResponse, answer: Answer, now: Date, ms: number): number {
  const timer = setTimeout(() => {
    writeAnswer(response, answer, now);
  }, ms);
  response.on('close', () => {
    clearTimeout(timer);
  });
  return answer.status;
}

function truncate(response: ServerResponse, answer: Answer, now: Date, framing: 'broken' | 'intact'): number {
  const body = Buffer.from(answer.body);
  const half = body.subarray(0, Math.floor(body.length / 2));
  startAnswer(response, answer, now, framing === 'broken' ? body.length : half.length);
  if (framing === 'intact') {
    response.end(half);
  } else {
    // Once the bytes are with the kernel the connection may end: closing earlier would drop them.
    response.write(half, () => response.req.socket.end());
  }
  return answer.status;
}
