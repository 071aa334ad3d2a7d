import { performance } from 'node:perf_hooks';

import { GatewayProcess } from '../support/gateway-process.mjs';

/** What a replica logs when its connection to Redis ends. */
const REDIS_LOST = 'Redis is away';

/** One replica of the gateway, which may be killed and started again. */
export class Replica {
  /** When it lost Redis, which was killed or only too slow. */
  redisLosses = [];
  /** Told when it loses Redis. */
  onRedisLost = () => undefined;
  /** Port that it listens on; it keeps it. */
  port = 0;
  kills = 0;
  #env;
  #gateway;

  constructor(name, env) {
    this.name = name;
    this.#env = { ...env };
  }

  get alive() {
    return this.#gateway?.alive === true;
  }

  /** Starts it; resolves once it listens and has its token keys. */
  async start() {
    const env = { ...this.#env, PORT: String(this.port) };
    let tail = '';
    this.#gateway = await GatewayProcess.start(env, (chunk) => {
      const text = tail + chunk;
      const lost = text.includes(REDIS_LOST);
      tail = lost ? '' : text.slice(-REDIS_LOST.length + 1);
      if (!lost) return;
      this.redisLosses.push(performance.now());
      this.onRedisLost();
    });
    this.port = Number(new URL(this.#gateway.url).port);
  }

  /** Starts it anew, with other settings. */
  async restart(settings) {
    await this.end();
    Object.assign(this.#env, settings);
    await this.start();
  }

  /** Ends it as a power cut would. */
  async kill() {
    this.kills += 1;
    await this.#gateway.end('SIGKILL');
  }

  /** What its readiness says: `ready`, `degraded` while Redis is away, or else. */
  async state() {
    try {
      const answer = await fetch(`${this.#gateway.url}/health/ready`);
      return (await answer.json()).status;
    } catch {
      return 'away';
    }
  }

  async end() {
    await this.#gateway?.end('SIGKILL');
  }
}
