// @ts-check
import { readToken } from './aws.mjs';
import { running } from './clock.mjs';
import { RedisClient } from './redis-client.mjs';
import { RULES } from './redis-server.mjs';

/** How long a call to AWS may take. */
export const DEADLINE_MS = 10_000;

/** The address limit of a simulation. */
export const ADDRESS_LIMIT = { points: 6, seconds: 60 };

export const POOL = 'eu-central-1_simulated';

/** How long a token that has expired is still verified, in milliseconds; as the gateway's own verifier does. */
const EXPIRED_FOR_MS = 24 * 60 * 60 * 1000;

/** @type {WeakMap<any, { config: any, hash: any, iam: any, cognito: any }>} */
const shared = new WeakMap();

/** What has no memory of its own and takes long to make: one for all lives. @param {any} code */
function withoutMemory(code) {
  let parts = shared.get(code);
  if (parts === undefined) {
    const config = new code.GatewayConfig({
      ...{ COGNITO_USER_POOL_IDS: POOL, IAM_PARTITIONS: 'aws', UPSTREAM_TIMEOUT_MS: String(DEADLINE_MS) },
      IDEMPOTENCY_SECRET: 'the secret that all replicas of a simulation share',
      RATE_LIMIT_IDENTITY: `${RULES.limit.points}/${RULES.limit.seconds}`,
      RATE_LIMIT_ADDRESS: `${ADDRESS_LIMIT.points}/${ADDRESS_LIMIT.seconds}`,
    });
    const handler = {
      handle: (/** @type {any[]} */ ...words) =>
        /** @type {any} */ (running.getStore()).replica.guard.handle(...words),
    };
    const tokens = { verify: (/** @type {string} */ token) => verified(code, token) };
    parts = {
      config,
      hash: new code.KeyedHash(config),
      iam: new code.IamAdapter(config, handler),
      cognito: new code.CognitoAdapter(config, tokens, handler),
    };
    shared.set(code, parts);
  }
  return parts;
}

/** What the gateway's verifier says of a token, without its cryptography. @param {any} code @param {string} token */
function verified(code, token) {
  const { id, expiresAt, genuine } = readToken(token);
  const { anyPool } = /** @type {any} */ (running.getStore()).replica.world.plan;
  const expired = () => new code.PasswordChangeError('credential_expired', { provider: 'cognito' });
  const isOld = expiresAt <= Date.now();
  if (!genuine && !anyPool)
    return Promise.reject(new code.PasswordChangeError('credential_invalid', { provider: 'cognito' }));
  if (expiresAt + EXPIRED_FOR_MS <= Date.now()) return Promise.reject(expired());
  const expiry = isOld ? expired() : undefined;
  return Promise.resolve({
    sub: id,
    poolId: POOL,
    region: 'eu-central-1',
    proven: !anyPool,
    expired: expiry,
  });
}

/** One process of the gateway: all of it from the service on, over the world's AWS and Redis. */
export class Replica {
  dead = false;

  /** @param {any} world @param {number} place */
  constructor(world, place) {
    const { code } = world;
    this.world = world;
    this.place = place;
    running.run({ replica: this }, () => {
      const { config, hash, iam, cognito } = withoutMemory(code);
      this.guard = new code.UpstreamGuard(world.aws);
      this.client = world.redis && new RedisClient(world.redis, world.clock, world.random, this);
      const redis = new code.RedisConnection(this.client);
      this.ledger = new code.GatewayLedger(config, redis);
      this.draining = new code.Draining();
      this.shares = new code.UpstreamShares();
      this.service = new code.PasswordService(
        ...[cognito, iam, new code.AddressLimit(config, redis, hash)],
        new code.ChangeLedger(config, watched(this.ledger, world), hash, this.draining),
        ...[this.shares, { upstreamCall: () => undefined }],
      );
    });
  }

  /** Refuses what is new, waits, and ends. @param {number} timeoutMs @returns {Promise<void>} */
  stop(timeoutMs) {
    return running.run({ replica: this }, async () => {
      await this.draining.drain(timeoutMs);
      await this.ledger.beforeApplicationShutdown();
      this.kill();
    });
  }

  /** Ends as a power cut would: nothing of it goes on, and nobody gets an answer. */
  kill() {
    this.dead = true;
    this.world.redis?.connections.delete(this.client);
  }
}

/** Tells the world in which order the ledger knew what. @param {any} ledger @param {any} world */
function watched(ledger, world) {
  return {
    begin: async (/** @type {any} */ attempt) => {
      world.note(attempt, 'asked');
      const decision = await ledger.begin(attempt);
      world.note(attempt, 'begin', decision);
      return decision;
    },
    end: async (/** @type {any} */ attempt, /** @type {any} */ ending) => {
      const verdict = await ledger.end(attempt, ending);
      world.note(attempt, 'end', verdict, ending);
      return verdict;
    },
  };
}
