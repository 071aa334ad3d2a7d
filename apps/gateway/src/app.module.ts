import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';

import { GatewayConfig } from './config/config.js';
import { HealthController } from './operations/health.controller.js';
import { Log } from './operations/log.js';
import { AccessTokenVerifier } from './password/access-token-verifier.js';
import { PasswordController } from './password/password.controller.js';
import { PasswordService } from './password/password.service.js';
import { ProblemFilter } from './problem/problem.filter.js';
import { UndiciHandler } from './upstream/undici-handler.js';

/** Who is there; the order of a request is told in password.controller.ts. */
@Module({
  controllers: [PasswordController, HealthController],
  providers: [
    PasswordService,
    AccessTokenVerifier,
    UndiciHandler,
    Log,
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
})
export class AppModule {
  /** @param config the gateway's settings, injected wherever they are needed */
  static with(config: GatewayConfig): DynamicModule {
    return { module: AppModule, global: true, providers: [{ provide: GatewayConfig, useValue: config }] };
  }
}
