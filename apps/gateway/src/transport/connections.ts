import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import type { Attempt } from '../password/attempt.js';

/** Requests of each connection that have not ended; pipelining can make them several. */
const open = new WeakMap<Socket, Map<Attempt, ServerResponse>>();

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
  response.once('close', () => requests.delete(attempt));
}

/**
 * The requests of a connection that have not ended.
 *
 * @param socket the connection
 */
export function openRequests(socket: Socket): ReadonlyMap<Attempt, ServerResponse> {
  return open.get(socket) ?? new Map<Attempt, ServerResponse>();
}
