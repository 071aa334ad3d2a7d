import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server that nobody should call. */
export interface Trap {
  readonly url: string;
  /** How many connections it got. */
  readonly hits: () => number;
  readonly close: () => Promise<void>;
}

/** Starts a {@link Trap}; it answers every request with this body. */
export async function startTrap(body = '{}'): Promise<Trap> {
  let connections = 0;
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end(body);
  });
  server.on('connection', () => (connections += 1));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hits: () => connections,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
