import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { setFlagsFromString } from 'node:v8';

import type { GatewayConfig } from '../config/config.js';
import { RedisConnection } from '../redis/redis-connection.js';
import { PASSWORD_ROUTE } from '../transport/route-target.js';
import { auditEvent } from './audit.js';
import { Draining } from './draining.js';
import { HeapGrowth } from './heap-growth.js';
import { Log } from './log.js';
import { Metrics } from './metrics.js';

/**
 * Logs, audits and counts every request, refuses new changes while the gateway drains, and serves `/metrics` on the
 * gateway's own port when so configured.
 *
 * @param app the application, before it listens
 * @param config for the metrics
 */
export function observeRequests(app: NestFastifyApplication, config: GatewayConfig): void {
  const [log, metrics, draining, redis] = [
    app.get(Log),
    app.get(Metrics),
    app.get(Draining),
    app.get(RedisConnection),
  ];
  const heap = new HeapGrowth(setFlagsFromString);
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    const { attempt } = request;
    const leave = isChange(request) ? draining.enter(cutOff) : undefined;
    heap.fit(draining.count);
    function cutOff(): void {
      attempt.cutOff = true;
      if (!attempt.answered) {
        attempt.code = attempt.calledUpstream ? 'upstream_timeout' : 'gateway_draining';
        attempt.outcome = attempt.calledUpstream ? 'unknown' : 'unchanged';
      }
      tell(request);
    }
    const ended = (): void => {
      setImmediate(() => {
        log.answered(request, reply);
        // Not told of once more when it was cut off.
        if (leave?.() === true) tell(request);
        heap.fit(draining.count);
      });
    };
    // It closes once; to say so with once() costs 1 µs.
    reply.raw.on('close', () => {
      // A caller who has left does not end the change: it is waited for, and told of, all the same.
      if (attempt.running === undefined) ended();
      else void attempt.running.then(ended, ended);
    });
    done();
  });
  const tell = ({ attempt, problem, traceId }: FastifyRequest): void => {
    log.audit(auditEvent(attempt, traceId));
    metrics.attempted(attempt);
    if (problem?.unmappedText && problem.provider) {
      metrics.unmappedText(problem.provider, problem.upstream?.error ?? '');
    }
  };
  app.getHttpServer().on('drop', () => {
    log.connectionDropped();
    metrics.connectionDropped();
  });
  redis.onChange((state) => {
    log.redis(state);
  });
  if (config.metrics === 'on') {
    server.get('/metrics', async (_request, reply) => {
      const { type, body } = await metrics.text();
      return reply.type(type).send(body);
    });
  }
}

function isChange(request: FastifyRequest): boolean {
  return request.routeOptions.url === PASSWORD_ROUTE;
}
