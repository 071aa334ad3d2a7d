import { createServer, type RequestListener, type Server } from 'node:http';
import type { Socket } from 'node:net';

/** What passed over the sandbox's connections since it started, control requests included. */
export interface ConnectionCounts {
  /** Connections ever accepted. */
  readonly accepted: number;
  /** Connections open now. */
  readonly open: number;
  /** Bytes that callers sent. */
  readonly bytesRead: number;
  /** Bytes that were answered. */
  readonly bytesWritten: number;
}

/** Where to listen. */
export interface ListenOptions {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** How long an idle kept-alive connection stays open, in ms. */
  readonly idleTimeoutMs: number;
}

/** One address that can stop listening and start again, on the same port. */
export class Listener {
  readonly #options: ListenOptions;
  readonly #handle: RequestListener;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #port: number;
  #accepted = 0;
  #closedRead = 0;
  #closedWritten = 0;

  constructor(options: ListenOptions, handle: RequestListener) {
    this.#options = options;
    this.#handle = handle;
    this.#port = options.port;
  }

  /** `http://host:port`, without a slash at the end. */
  get url(): string {
    const { host } = this.#options;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.#port}`;
  }

  get connections(): ConnectionCounts {
    let bytesRead = this.#closedRead;
    let bytesWritten = this.#closedWritten;
    for (const socket of this.#sockets) {
      bytesRead += socket.bytesRead;
      bytesWritten += socket.bytesWritten;
    }
    return { accepted: this.#accepted, open: this.#sockets.size, bytesRead, bytesWritten };
  }

  /**
   * Starts to listen; does nothing while it does.
   *
   * @throws Error `EADDRINUSE` and its like
   */
  async open(): Promise<void> {
    if (this.#server) return;
    const server = createServer({ keepAliveTimeout: this.#options.idleTimeoutMs }, this.#handle);
    server.on('connection', (socket: Socket) => {
      this.#track(socket);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, this.#options.host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    const address = server.address();
    if (typeof address === 'object' && address) this.#port = address.port;
    this.#server = server;
  }

  /** Stops to listen and cuts every connection, also those that hang. */
  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    const closed = new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #track(socket: Socket): void {
    this.#accepted += 1;
    this.#sockets.add(socket);
    socket.on('close', () => {
      this.#sockets.delete(socket);
      this.#closedRead += socket.bytesRead;
      this.#closedWritten += socket.bytesWritten;
    });
  }
}
