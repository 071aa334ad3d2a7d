import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * A plain TCP balancer: round robin over the replicas that take a connection. It knows no HTTP. Replicas see the address
 * that a client came from, as behind a balancer that keeps it.
 */
export class Balancer {
  /** Open connections, by address and port that the client came from. */
  #routes = new Map();
  #replicas;
  #turn = 0;
  #server = createServer((client) => this.#accept(client));

  /** @param replicas with a `port` each; it may change */
  static async start(replicas) {
    const balancer = new Balancer();
    balancer.#replicas = replicas;
    balancer.#server.listen(0, '127.0.0.1');
    await once(balancer.#server, 'listening');
    return balancer;
  }

  get port() {
    return this.#server.address().port;
  }

  /**
   * Notes on every open connection, or on those of one replica, that something was killed behind it.
   *
   * @param what was killed
   * @param replica the replica, or undefined for all
   */
  hit(what, replica) {
    for (const route of this.#routes.values())
      if (replica === undefined || route.replica === replica) route.hits.push(what);
  }

  /** Where the connection from this address and port went, and what hit it; it is forgotten then. */
  take(address, port) {
    const name = `${address}:${port}`;
    const route = this.#routes.get(name);
    this.#routes.delete(name);
    return route ?? { replica: undefined, hits: [] };
  }

  close() {
    this.#server.close();
  }

  #accept(client) {
    client.on('error', () => undefined);
    const route = { replica: undefined, hits: [] };
    this.#routes.set(`${client.remoteAddress}:${client.remotePort}`, route);
    this.#connect(client, route, this.#replicas.length);
  }

  #connect(client, route, tries) {
    if (tries === 0) {
      client.resetAndDestroy();
      return;
    }
    route.replica = this.#replicas[this.#turn++ % this.#replicas.length];
    const server = connect({
      port: route.replica.port,
      host: '127.0.0.1',
      localAddress: client.remoteAddress,
      noDelay: true,
    });
    const again = () => this.#connect(client, route, tries - 1);
    server.once('error', again);
    server.once('connect', () => {
      server.off('error', again);
      client.pipe(server);
      server.pipe(client);
      server.on('error', () => client.resetAndDestroy());
      client.on('close', () => server.destroy());
      server.on('close', () => client.destroySoon());
    });
  }
}
