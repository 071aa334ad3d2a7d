import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';

import { GatewayConfig } from './config/config.js';
import { KeyedHash } from './fingerprint/keyed-hash.js';
import { ChangeLedger } from './ledger/change-ledger.js';
import { GatewayLedger } from './ledger/ledger.provider.js';
import { AddressLimit } from './limits/address-limit.js';
import { RedisConnection } from './redis/redis-connection.js';
import { Draining } from './operations/draining.js';
import { HealthController } from './operations/health.controller.js';
import { Log } from './operations/log.js';
import { Metrics } from './operations/metrics.js';
import { MetricsServer } from './operations/metrics-server.js';
import { Turns } from './operations/turns.js';
import { AccessTokenVerifier } from './password/access-token-verifier.js';
import { CognitoAdapter } from './password/cognito.adapter.js';
import { IamAdapter } from './password/iam.adapter.js';
import { PasswordController } from './password/password.controller.js';
import { PasswordService } from './password/password.service.js';
import { ProblemFilter } from './problem/problem.filter.js';
import { ProblemsController } from './problem/problems.controller.js';
import { UndiciHandler } from './upstream/undici-handler.js';
import { UpstreamGuard } from './upstream/upstream-guard.js';
import { UpstreamShares } from './upstream/upstream-shares.js';

/** Who is there; the order of a request is told in password.controller.ts. */
@Module({
  controllers: [PasswordController, ProblemsController, HealthController],
  providers: [
    PasswordService,
    CognitoAdapter,
    IamAdapter,
    AccessTokenVerifier,
    AddressLimit,
    GatewayLedger,
    ChangeLedger,
    KeyedHash,
    {
      provide: RedisConnection,
      useFactory: (config: GatewayConfig) => RedisConnection.open(config),
      inject: [GatewayConfig],
    },
    UpstreamGuard,
    UndiciHandler,
    UpstreamShares,
    Log,
    Metrics,
    MetricsServer,
    Draining,
    Turns,
    { provide: APP_FILTER, useClass: ProblemFilter },
  ],
})
export class AppModule {
  /** @param config the gateway's settings, injected wherever they are needed */
  static with(config: GatewayConfig): DynamicModule {
    return { module: AppModule, global: true, providers: [{ provide: GatewayConfig, useValue: config }] };
  }
}
