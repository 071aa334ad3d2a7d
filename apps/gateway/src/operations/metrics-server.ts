import { Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { createServer, type RequestListener, type Server } from 'node:http';

import { GatewayConfig } from '../config/config.js';
import { oneAtATime } from '../transport/one-at-a-time.js';
import { Metrics } from './metrics.js';

/** Far more than scrapers need. */
const MAX_CONNECTIONS = 100;

/** Serves `GET /metrics` on an address of its own, when one is configured. */
@Injectable()
export class MetricsServer implements OnApplicationBootstrap, OnApplicationShutdown {
  private server: Server | undefined;

  /** @param config for the address */
  constructor(
    private readonly config: GatewayConfig,
    private readonly metrics: Metrics,
  ) {}

  /** Listens; rejects when the address is busy. */
  async onApplicationBootstrap(): Promise<void> {
    const { metrics } = this.config;
    if (!metrics.includes(':')) return;
    const separator = metrics.lastIndexOf(':');
    const serve: RequestListener = (request, response) => {
      if (request.method !== 'GET' || request.url !== '/metrics') {
        response.writeHead(404).end();
        return;
      }
      this.metrics.text().then(
        ({ type, body }) => response.writeHead(200, { 'Content-Type': type }).end(body),
        () => response.writeHead(500).end(),
      );
    };
    const server = createServer(oneAtATime(serve));
    server.maxConnections = MAX_CONNECTIONS;
    this.server = server;
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => {
        reject(Object.assign(error, { variable: 'METRICS' }));
      });
      server.listen(Number(metrics.slice(separator + 1)), metrics.slice(0, separator), resolve);
    });
  }

  /** Closes the address. */
  onApplicationShutdown(): void {
    this.server?.close();
    this.server?.closeAllConnections();
  }
}
