import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A proxy that can cut a connection instead of passing an answer on: the server has then done what it was asked. */
export class CuttingProxy {
  /** Whether the next answer is lost, with its connection. */
  cutting = false;
  /** Where what comes in goes to. */
  targetPort = 0;
  private readonly sockets = new Set<Socket>();

  private readonly server = createServer((incoming) => {
    const outgoing = connect(this.targetPort, '127.0.0.1');
    for (const socket of [incoming, outgoing]) {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        incoming.destroy();
        outgoing.destroy();
      });
    }
    incoming.pipe(outgoing);
    outgoing.on('data', (answer) => {
      if (!this.cutting) incoming.write(answer);
      else incoming.destroy();
      this.cutting = false;
    });
  });

  /** Listens on a free port. */
  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  /** Ends it and its connections. */
  async end(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }
}
