import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

import { isEnding } from './connections.js';

/** Requests of one connection that may wait for those before them; who sends more loses the connection. */
const MAX_WAITING = 16;

type Exchange = readonly [request: IncomingMessage, response: ServerResponse];

/**
 * Carries the requests of a connection out one after the other. Node would begin all that a client sends in one piece, and
 * hold all of their answers while the client does not read. What waits behind an answer that ends the connection is never
 * begun: its caller could not be answered.
 *
 * @param handle the server's own handler
 */
export function oneAtATime(handle: RequestListener): RequestListener {
  const waiting = new WeakMap<Socket, Exchange[]>();

  function begin(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    response.once('close', () => {
      const next = isOver(socket) ? undefined : waiting.get(socket)?.shift();
      if (next === undefined) waiting.delete(socket);
      else begin(...next);
    });
    handle(request, response);
  }

  return (request, response) => {
    const { socket } = request;
    const queue = waiting.get(socket);
    if (queue === undefined) {
      if (isOver(socket)) return;
      waiting.set(socket, []);
      begin(request, response);
    } else if (queue.length < MAX_WAITING) {
      queue.push([request, response]);
    } else {
      waiting.delete(socket);
      socket.destroy();
    }
  };
}

/** Whether no answer can be sent any more. */
function isOver(socket: Socket): boolean {
  return socket.destroyed || socket.writableEnded || isEnding(socket);
}
