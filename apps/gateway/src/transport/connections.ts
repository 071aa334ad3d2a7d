import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { Attempt } from '../password/attempt.js';

/** Requests of each connection that have not ended; pipelining can make them several. */
const open = new WeakMap<Socket, Map<Attempt, ServerResponse>>();

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
  const requests = open.get(socket) ?? new Map<Attempt, ServerResponse>();
  open.set(socket, requests.set(attempt, response));
  last.set(socket, response);
  response.once('close', () => requests.delete(attempt));
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
 * The requests of a connection that have not ended.
 *
 * @param socket the connection
 */
export function openRequests(socket: Socket): ReadonlyMap<Attempt, ServerResponse> {
  return open.get(socket) ?? new Map<Attempt, ServerResponse>();
}
