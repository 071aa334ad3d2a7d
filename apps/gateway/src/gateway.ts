import 'reflect-metadata';
import './transport/fastify-request.js';

import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { AppModule } from './app.module.js';
import type { GatewayConfig } from './config/config.js';
import { serveDocs } from './docs/serve-docs.js';
import { NestLog } from './operations/log.js';
import { observeRequests } from './operations/observe-requests.js';
import { createHttpAdapter } from './transport/http-server.js';

/** Headers that a page may read of an answer from another origin. */
const EXPOSED_HEADERS = [
  'Idempotency-Replayed',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'X-Problem-Code',
  'X-Request-Id',
  'x-amzn-RequestId',
  'x-amzn-errortype',
];

/**
 * Builds the gateway; it does not listen yet.
 *
 * @param config the gateway's settings
 */
export async function createGateway(config: GatewayConfig): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with(config),
    createHttpAdapter(config),
    {
      bodyParser: false,
      logger: new NestLog(),
      abortOnError: false,
    },
  );
  observeRequests(app, config);
  if (config.corsOrigins.length > 0) {
    app.enableCors({ origin: [...config.corsOrigins], methods: ['POST'], exposedHeaders: EXPOSED_HEADERS });
  }
  if (config.docs.on) serveDocs(app, config);
  return app;
}
