import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';

import { GatewayConfig } from '../config/config.js';
import { AccessTokenVerifier } from '../password/access-token-verifier.js';

/** Liveness and readiness, for orchestrators. */
@ApiExcludeController()
@Controller('health')
export class HealthController {
  /** Readiness depends on the token keys alone: whether AWS answers is not the gateway's health. */
  constructor(
    private readonly config: GatewayConfig,
    private readonly tokens: AccessTokenVerifier,
  ) {}

  /** The process answers. */
  @Get('live')
  @HttpCode(200)
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  /** The process can serve: 200, or 503 naming what is missing. */
  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const tokenKeys = !this.config.cognitoOn || (await this.tokens.ready());
    if (!tokenKeys) void reply.code(503);
    return {
      status: tokenKeys ? 'ready' : 'not ready',
      checks: { tokenKeys: tokenKeys ? 'ok' : 'the keys (JWKS) of a configured user pool cannot be fetched' },
    };
  }
}

/** Answer of `/health/ready`. */
export interface Readiness {
  readonly status: 'ready' | 'not ready';
  /** `ok`, or what is wrong. */
  readonly checks: { readonly tokenKeys: string };
}
