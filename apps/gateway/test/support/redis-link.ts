import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/**
 * A line between a gateway and its Redis that sees the bytes: it can be slow, hang, swallow answers, and count how often the
 * gateway waits.
 */
export class RedisLink {
  /** How often the gateway has sent something after it had got an answer: its awaits one after the other. */
  awaits = 0;
  /** Added to each answer, in milliseconds. */
  delayMs = 0;
  /** What is sent arrives, and no answer comes back. */
  swallowsAnswers = false;
  private readonly sockets = new Set<Socket>();
  private answered = true;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  /** Starts a line to a port of this machine. */
  static async start(to: number): Promise<RedisLink> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const link = new RedisLink(server, (server.address() as AddressInfo).port);
    server.on('connection', (client) => {
      link.accept(client, connect(to, '127.0.0.1'));
    });
    return link;
  }

  /** What a gateway at this end of the line is told. */
  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Ends the line. */
  async end(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private accept(client: Socket, server: Socket): void {
    for (const [socket, other] of [
      [client, server],
      [server, client],
    ] as const) {
      this.sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.sockets.delete(socket);
        other.destroy();
      });
    }
    client.on('data', (chunk) => {
      if (this.answered) this.awaits += 1;
      this.answered = false;
      server.write(chunk);
    });
    server.on('data', (chunk) => {
      if (this.swallowsAnswers) return;
      setTimeout(() => {
        this.answered = true;
        client.write(chunk);
      }, this.delayMs);
    });
  }
}
