import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { Attempt } from '../password/attempt.js';

/** A request that has not ended: what is known of it, and its response. */
export interface OpenRequest {
  readonly attempt: Attempt;
  readonly response: ServerResponse;
}

/**
 * Requests of each connection that have not ended; pipelining can make them several. No Map: V8 keeps what one held
 * when it grew or shrank until the next full collection, which cost 4 µs of CPU per request.
 */
const open = new WeakMap<Socket, OpenRequest[]>();

/** Connections whose last answer is on its way: what follows on them is read and thrown away. */
const ending = new WeakSet<Socket>();

/** Notes that nothing more on a connection is carried out. */
export function endConnection(socket: Socket): void {
  ending.add(socket);
}

/** Whether nothing more on a connection is carried out. */
export function isEnding(socket: Socket): boolean {
  return ending.has(socket);
}

/** The response to the last request of each connection. */
const last = new WeakMap<Socket, ServerResponse>();

/**
 * Notes that a request has come over a connection, until its response is closed.
 *
 * @param attempt what is known of the request
 * @param response its response
 */
export function noteRequest(attempt: Attempt, response: ServerResponse): void {
  const { socket } = response;
  if (socket === null) return;
  let requests = open.get(socket);
  if (requests === undefined) open.set(socket, (requests = []));
  const noted = requests;
  const request = { attempt, response };
  noted.push(request);
  last.set(socket, response);
  // A response closes once; to say so with once() costs 1 µs.
  response.on('close', () => noted.splice(noted.indexOf(request), 1));
}

/**
 * Whether the last request of a connection was answered before it had arrived whole: what is wrong with the rest of it has
 * its answer then.
 *
 * @param socket the connection
 */
export function wasAnsweredEarly(socket: Socket): boolean {
  const response = last.get(socket);
  return response !== undefined && response.writableEnded && !response.req.complete;
}

/**
 * The requests of a connection that have not ended, in the order in which they came.
 *
 * @param socket the connection
 */
export function openRequests(socket: Socket): readonly OpenRequest[] {
  return open.get(socket) ?? [];
}
