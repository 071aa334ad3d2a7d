import type { Server, Socket } from 'node:net';

import { allowedClients } from './allowed-clients.js';
import { networkOf } from './client-address.js';

/**
 * Lets one address have so many connections and no more. One too many is closed at once, and told as Node tells that all
 * connections are in use: by the server's event `drop`.
 *
 * @param server the server
 * @param most connections of one address; an IPv6 host has its whole /64
 * @param proxies networks of proxies, which connect for many callers and have no such bound
 */
export function shareConnections(server: Server, most: number, proxies: readonly string[]): void {
  const held = new Map<string, number>();
  const isProxy = proxies.length > 0 ? allowedClients(proxies) : () => false;
  server.prependListener('connection', (socket: Socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined || isProxy(remoteAddress)) return;
    const network = networkOf(remoteAddress);
    const count = (held.get(network) ?? 0) + 1;
    if (count > most) {
      socket.destroy();
      server.emit('drop');
      return;
    }
    held.set(network, count);
    socket.once('close', () => {
      const left = (held.get(network) ?? 1) - 1;
      if (left > 0) held.set(network, left);
      else held.delete(network);
    });
  });
}
