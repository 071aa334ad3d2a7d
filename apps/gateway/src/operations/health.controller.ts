import { Controller, Get, HttpCode, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';

import { RedisConnection, type RedisState } from '../redis/redis-connection.js';
import { AccessTokenVerifier } from '../password/access-token-verifier.js';
import { Draining } from './draining.js';

/** Answer of `/health/ready`. */
export interface Readiness {
  /** `degraded`: it serves, and something that it can do without is missing. */
  readonly status: 'ready' | 'degraded' | 'not ready';
  /** Each `ok`, or what is wrong. */
  readonly checks: Readonly<Record<string, string>>;
}

/** Liveness and readiness, for orchestrators. Whether AWS answers is not the gateway's health. */
@Controller('health')
export class HealthController {
  /** What readiness depends on. */
  constructor(
    private readonly tokens: AccessTokenVerifier,
    private readonly redis: RedisConnection,
    private readonly draining: Draining,
  ) {}

  /** The process answers. */
  @Get('live')
  @HttpCode(200)
  live(): { status: 'live' } {
    return { status: 'live' };
  }

  /** The process can serve: 200, or 503 naming what is wrong. */
  @Get('ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const tokenKeys = await this.tokens.ready();
    const ready = tokenKeys && !this.draining.active;
    const redis: RedisState = this.redis.client === undefined ? { up: true } : await this.redis.state();
    if (!ready) void reply.code(503);
    return {
      status: ready ? (redis.up ? 'ready' : 'degraded') : 'not ready',
      checks: {
        tokenKeys: tokenKeys ? 'ok' : 'the keys (JWKS) of a configured user pool cannot be fetched',
        redis: redisCheck(redis),
        shutdown: this.draining.active ? 'the gateway is shutting down' : 'ok',
      },
    };
  }
}

function redisCheck({ up, nodes }: RedisState): string {
  if (up) return 'ok';
  if (nodes === undefined)
    return 'away: limits hold per process, requests with an Idempotency-Key are refused';
  return 'a part is away: for whom it has, limits hold per process, requests with an Idempotency-Key are refused';
}
