// @ts-check
import { DEADLINE_MS } from './aws.mjs';

const SECRET = 'the secret that all replicas of a simulation share';

/** The identity limit of a simulation. */
export const LIMIT = { points: 4, seconds: 900 };

/** The numbers of the protocol. */
export const RULES = { limit: LIMIT, leaseMs: DEADLINE_MS + 5_000 };

/**
 * One process of the gateway: the real service, ledger, limits and draining. Only adapters and what lies behind them, AWS and
 * the line to the shared ledger, are the world's.
 */
export class Replica {
  dead = false;
  /** Requests that wait for their answer. */
  waiting = 0;

  /** @param {any} code the gateway's modules @param {any} world */
  constructor(code, world) {
    const config = new code.GatewayConfig({ IDEMPOTENCY_SECRET: SECRET, RATE_LIMIT_IDENTITY: '4/900' });
    const redis = new code.RedisConnection(undefined);
    const hash = new code.KeyedHash(config);
    this.own = new code.MemoryLedger(RULES);
    this.shared = world.redis && new code.SharedLedger(world.redis.linkOf(this), this.own);
    this.ledger = watched(this.shared ?? this.own, world);
    this.draining = new code.Draining();
    this.adapters = { cognito: new Adapter(code, world, this), iam: new Adapter(code, world, this) };
    this.service = new code.PasswordService(
      ...[this.adapters.cognito, this.adapters.iam, new code.AddressLimit(config, redis, hash)],
      new code.ChangeLedger(config, this.ledger, hash, this.draining),
      ...[new code.UpstreamShares(), { upstreamCall: () => undefined }],
    );
  }

  /** Ends it as a power cut would: nothing of it goes on, and nobody gets an answer. */
  kill() {
    this.dead = true;
  }
}

/** A ledger that tells the world when it is asked. @param {any} ledger @param {any} world */
function watched(ledger, world) {
  return {
    begin: (/** @type {any} */ attempt) => (world.asked('begin', attempt), ledger.begin(attempt)),
    end: (/** @type {any} */ attempt, /** @type {any} */ ending) => (
      world.asked('end', attempt),
      ledger.end(attempt, ending)
    ),
  };
}

/** What a provider's adapter tells the service, of the world's credentials. */
class Adapter {
  #code;
  #world;
  #replica;

  /** @param {any} code @param {any} world @param {Replica} replica */
  constructor(code, world, replica) {
    this.#code = code;
    this.#world = world;
    this.#replica = replica;
  }

  /** @param {any} credential */
  async prove({ request }) {
    const { user, signature, tokenExpired } = request;
    const now = this.#world.scheduler.now;
    const isOld = signature ? Math.abs(now - signature.at) > 5 * 60_000 : tokenExpired;
    return {
      provider: user.provider,
      id: user.id,
      proven: user.provider === 'cognito',
      audit: { sub: user.id },
      expired: isOld ? new this.#code.PasswordChangeError('credential_expired') : undefined,
    };
  }

  /** @param {any} credential @param {any} caller */
  async prepare({ request }, caller) {
    const { currentPassword, newPassword, signature } = request;
    const life = 15 * 60_000;
    return {
      provider: caller.provider,
      caller: caller.id,
      currentPassword,
      newPassword,
      ...(signature && {
        signed: {
          request: signature.id,
          expiresAt: Date.now() - this.#world.scheduler.now + signature.at + life,
        },
      }),
      send: () => this.#world.aws.call(request, this.#replica),
    };
  }
}
