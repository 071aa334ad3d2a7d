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
      stopParsing(socket);
      socket.destroy();
    }
  };
}

/** What a parser of Node takes for the end of HTTP on a connection. */
const NO_MORE_HTTP = 2;

/** The part of Node's own parser that is used; it stands on each connection of its HTTP server. */
interface ParsedSocket extends Socket {
  readonly parser?: { onIncoming: (request: IncomingMessage & { upgrade?: boolean }) => number } | null;
}

/**
 * Reads nothing more of what has come in one piece. Node would make a request and a response of each of the thousand that fit
 * into one read, and then throw them away: 12 such connections grew the process by 30 to 70 MB. Node has no setting for it.
 */
function stopParsing(socket: ParsedSocket): void {
  if (!socket.parser) return;
  socket.parser.onIncoming = (request) => {
    request.upgrade = true;
    return NO_MORE_HTTP;
  };
}

/** Whether no answer can be sent any more. */
function isOver(socket: Socket): boolean {
  return socket.destroyed || socket.writableEnded || isEnding(socket);
}
