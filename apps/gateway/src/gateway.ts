import 'reflect-metadata';
import './transport/fastify-request.js';

import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import { AppModule } from './app.module.js';
import type { GatewayConfig } from './config/config.js';
import { serveDocs } from './docs/openapi.js';
import { Log, NestLog } from './operations/log.js';
import { createHttpAdapter } from './transport/http-server.js';

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
  const log = app.get(Log);
  app
    .getHttpAdapter()
    .getInstance()
    .addHook('onResponse', (request, reply, done) => {
      log.answered(request, reply);
      done();
    });
  if (config.docs) serveDocs(app, config.publicUrl);
  return app;
}
