import type { ServerResponse } from 'node:http';
import type { Answer } from '../service.js';

/** Sends an answer whole. The `Date` header follows the sandbox's clock: SDKs correct theirs by it. */
export function writeAnswer(response: ServerResponse, answer: Answer, now: Date): void {
  const body = Buffer.from(answer.body);
  startAnswer(response, answer, now, body.length);
  response.end(body);
}

/** Sends status and headers, with the length that the body is said to have. */
export function startAnswer(response: ServerResponse, answer: Answer, now: Date, length: number): void {
  response.sendDate = false;
  response.writeHead(answer.status, {
    date: now.toUTCString(),
    ...answer.headers,
    'content-length': String(length),
  });
}
