// @ts-check
import { Aws } from './aws.mjs';
import { broken } from './invariants.mjs';
import { Redis } from './redis.mjs';
import { Replica } from './replica.mjs';
import { Scheduler } from './scheduler.mjs';

const HOUR = 3_600_000;
const AFTER_ALL_MS = 49 * HOUR;
/** Longer than any attempt runs that began while Redis was away. */
const LATE_WRITES_MS = 20_000;

/**
 * Lives one life.
 *
 * @param {any} code the gateway's modules
 * @param {any} plan what happens in it
 * @returns {Promise<{ violations: string[], story: string[] }>}
 */
export async function live(code, plan) {
  const life = new Life(code, plan);
  life.scheduler.install();
  try {
    await life.run();
  } finally {
    life.scheduler.uninstall();
  }
  return { violations: broken(life), story: life.story };
}

/** The world of one life, and what happened in it. */
class Life {
  scheduler = new Scheduler();
  /** @type {string[]} */
  story = [];
  /** Requests in the order in which they were sent. @type {any[]} */
  requests = [];
  /** Answers in the order in which they were given. @type {any[]} */
  answers = [];
  /** Processes that have ended. */
  restarts = 0;
  leftOver = 0;
  /** Keys that others have seen. @type {string[]} */
  #keys = [];
  #names = 0;
  #order = 0;
  /** @type {Map<string, any>} */
  #byId = new Map();

  /** @param {any} code @param {any} plan */
  constructor(code, plan) {
    this.code = code;
    this.plan = plan;
    this.scheduler.install();
    this.redis = plan.redis ? new Redis(code, this.scheduler, (...words) => this.asked(...words)) : undefined;
    this.aws = new Aws(this.scheduler, code);
    this.users = ['cognito', 'cognito', 'iam', 'iam'].map((provider, index) => ({
      ...{ provider, id: `${provider}-${index}`, password: 'first', honest: true },
    }));
    this.replicas = Array.from({ length: plan.replicas }, () => new Replica(code, this));
  }

  /** Notes in which order the ledger was asked: what it could know. @param {string} operation @param {any} attempt */
  asked(operation, { requestId }) {
    const request = this.#byId.get(requestId);
    if (operation === 'begin') request.began = this.#order;
    request.decided = this.#order++;
  }

  async run() {
    for (const action of this.plan.actions) this.scheduler.at(action.at, () => this.#do(action));
    const last = this.plan.actions.at(-1)?.at ?? 0;
    await this.scheduler.run(last + 3 * HOUR);
    if (this.redis) this.redis.state = 'up';
    await this.scheduler.run(this.scheduler.now + 10_000);
    await this.#measureRest();
  }

  /** When every time is over, nothing may be left. */
  async #measureRest() {
    await this.scheduler.run(this.scheduler.now + AFTER_ALL_MS);
    const ledgers = [...this.replicas.filter(({ dead }) => !dead).map(({ own }) => own), this.redis?.ledger];
    for (const ledger of ledgers) {
      ledger?.sweep();
      this.leftOver += ledger?.callerCount ?? 0;
    }
    for (const { shared, dead } of this.replicas) if (!dead) this.leftOver += shared?.late ?? 0;
  }

  /** @param {any} action */
  #do(action) {
    const user = this.users[action.user];
    switch (action.kind) {
      case 'change':
        return this.#change(action, user);
      case 'guess':
        return this.#guess(action, user);
      case 'stranger':
        return this.#stranger(action, user);
      case 'replay':
        return this.#replay(action);
      case 'redis':
        return this.#trouble(action);
      case 'throttled':
        return this.#throttled(action);
      case 'kill':
        return this.#end(action, 0);
      default:
        return this.#end(action, 15_000);
    }
  }

  #change(action, user) {
    const right = action.current === 'right';
    const currentPassword = right ? user.password : 'wrong';
    if (!right) user.honest = false;
    const newPassword = action.new === currentPassword ? 'fourth' : action.new;
    const key = action.key ? this.#name('key') : undefined;
    if (key !== undefined) this.#keys.push(key);
    const invocation = action.invocation ? this.#name('invocation') : undefined;
    const first = {
      ...{ user, currentPassword, newPassword, key, invocation, network: 'home', by: 'owner' },
      signature: this.#sign(user),
      fault: action.fault,
      mode: 'first',
    };
    this.#send(first, action.replica);
    for (const each of action.tries) {
      this.scheduler.at(this.scheduler.now + each.after, () => {
        const again = { ...first, mode: each.mode, fault: each.fault };
        if (each.mode === 'resign') again.signature = this.#sign(user);
        if (each.mode === 'nokey') again.key = undefined;
        if (each.mode === 'otherkey') again.key = this.#name('key');
        if (each.mode === 'othernew' && each.new !== currentPassword) again.newPassword = each.new;
        if (['nokey', 'otherkey', 'othernew'].includes(each.mode)) again.signature = this.#sign(user);
        if (each.mode === 'expired') again.tokenExpired = true;
        if (each.mode === 'othernew') user.honest = false;
        this.#send(again, each.replica);
      });
    }
  }

  /** Whoever holds the credential tries passwords. */
  #guess(action, user) {
    user.honest = false;
    const one = action.key === 'known' ? this.#keys.at(-1) : this.#name('key');
    for (let guess = 0; guess < action.count; guess += 1) {
      this.scheduler.at(this.scheduler.now + guess * action.every, () => {
        const key = { none: undefined, own: this.#name('key'), one, known: one }[action.key];
        const request = { user, currentPassword: `guess-${guess}`, newPassword: 'third', key, by: 'guesser' };
        const rest = { network: action.network, signature: this.#sign(user), mode: 'first' };
        this.#send(
          { ...request, ...rest, fault: { kind: 'none', delay: 5, back: 1 } },
          action.replica + guess,
        );
      });
    }
  }

  /** Whoever knows an access key id, and perhaps a key, and no secret. */
  #stranger(action, user) {
    for (let junk = 0; junk < action.count; junk += 1) {
      const key = { none: undefined, own: this.#name('key'), known: this.#keys.at(-1) }[action.key];
      const request = { user, currentPassword: action.current, newPassword: action.new, key, by: 'stranger' };
      const signature = { ...this.#sign(user), genuine: false };
      const network = action.count > 3 ? `street-${junk}` : 'street';
      const rest = { network, signature, mode: 'first', fault: action.fault };
      this.scheduler.at(this.scheduler.now + junk * 10, () =>
        this.#send({ ...request, ...rest }, action.replica),
      );
    }
  }

  /** Somebody sends a request again that he has captured. */
  #replay(action) {
    const captured = this.requests.filter(({ by, signature }) => by === 'owner' && signature).at(-1);
    if (captured === undefined) return;
    const key = action.key ? captured.key : undefined;
    const request = { ...captured, key, network: 'alley', by: 'thief', mode: 'first', fault: action.fault };
    this.#send(request, action.replica);
  }

  /** Very many users of one address, whom AWS throttles. */
  #throttled(action) {
    for (let index = 0; index < action.count; index += 1) {
      const provider = index % 2 === 0 ? 'cognito' : 'iam';
      const user = { provider, id: this.#name('user'), password: 'first', honest: true };
      const request = { user, currentPassword: 'first', newPassword: 'second', network: 'home', by: 'owner' };
      const fault = { kind: 'throttle', delay: 5, back: 1 };
      const rest = { signature: this.#sign(user), mode: 'first', fault };
      this.scheduler.at(this.scheduler.now + index, () =>
        this.#send({ ...request, ...rest }, action.replica),
      );
    }
  }

  #trouble(action) {
    const { redis } = this;
    if (redis === undefined || redis.state !== 'up') return;
    redis.state = action.state;
    redis.troubled = true;
    this.#tell(`Redis is ${action.state}`);
    const back = this.scheduler.now + action.for;
    this.scheduler.at(back, () => {
      redis.state = 'up';
      this.#tell('Redis is up');
    });
    // As the gateway does every half a second; later there is nothing to write.
    for (let after = 500; after <= LATE_WRITES_MS; after += 500) {
      this.scheduler.at(back + after, () => {
        for (const { dead, shared } of this.replicas) if (!dead) void shared.writeLate();
      });
    }
  }

  /** A replica is drained for so long, ends, and is started again. */
  #end(action, drainMs) {
    const place = action.replica % this.replicas.length;
    const replica = this.replicas[place];
    if (replica.dead || replica.draining.active) return;
    this.#tell(`replica ${place} is ${drainMs > 0 ? 'told to stop' : 'killed'}`);
    this.restarts += 1;
    const kill = () => {
      replica.kill();
      this.scheduler.at(this.scheduler.now + action.for, () => {
        this.replicas[place] = new Replica(this.code, this);
        this.#tell(`replica ${place} is back`);
      });
    };
    if (drainMs > 0) void replica.draining.drain(drainMs).then(kill);
    else kill();
  }

  async #send(wanted, replicaNumber) {
    const alive = this.replicas.filter(({ dead }) => !dead);
    const replica = alive[replicaNumber % Math.max(1, alive.length)];
    const request = {
      ...wanted,
      id: this.#name('request'),
      sentAt: this.scheduler.now,
      began: Infinity,
      decided: Infinity,
    };
    if (request.user.provider === 'cognito') request.signature = undefined;
    this.requests.push(request);
    this.#byId.set(request.id, request);
    this.#tell(describe(request, this.replicas.indexOf(replica)));
    if (replica === undefined) return;
    const attempt = this.code.newAttempt(request.id, `192.0.2.${request.network}`);
    const leave = replica.draining.enter(() => {
      attempt.cutOff = true;
    });
    const name = request.key ?? request.invocation;
    const asked = {
      credential: { provider: request.user.provider, request },
      fields: () => ({}),
      idempotencyKey: () => name && { value: name, promised: request.key !== undefined },
    };
    request.attempt = attempt;
    let result;
    try {
      result = await replica.service.change(attempt, asked);
    } catch (error) {
      result = { error: this.#asProblem(error, request, attempt) };
    }
    leave();
    if (replica.dead) return;
    const { error, requestId = request.id, replayed = false } = result;
    const { code = 'changed', outcome = 'changed', message = '', retryAfterSeconds, stack } = error ?? {};
    const answer = { at: this.scheduler.now, request, attempt, requestId, replayed };
    this.answers.push({ ...answer, code, outcome, detail: message, retryAfterSeconds, stack });
    this.#tell(`  ${request.id}: ${code}, ${outcome}${replayed ? `, first answer of ${requestId}` : ''}`);
  }

  /** As the problem filter tells it. */
  #asProblem(error, { key }, attempt) {
    if (!(error instanceof this.code.PasswordChangeError)) {
      return { code: 'internal_error', outcome: 'unknown', message: String(error), stack: error.stack };
    }
    const isDoubtful = key !== undefined && !attempt.ledgerAsked && error.outcome === 'unchanged';
    return isDoubtful ? this.code.inDoubt(error) : error;
  }

  #sign(user) {
    if (user.provider !== 'iam') return undefined;
    return { id: this.#name('signature'), genuine: true, at: this.scheduler.now };
  }

  #name(kind) {
    this.#names += 1;
    return `${kind}-${this.#names}`;
  }

  #tell(text) {
    this.story.push(`${(this.scheduler.now / 1000).toFixed(3)} s  ${text}`);
  }
}

function describe(
  { id, by, user, currentPassword, newPassword, key, invocation, signature, fault, network },
  replica,
) {
  const names = [key, invocation, signature?.id].filter((name) => name !== undefined).join(' ');
  const { kind, delay } = fault;
  return `${id}: ${by} of ${user.id} from ${network} to replica ${replica}: ${currentPassword} -> ${newPassword} ${names} (AWS: ${kind}, ${delay} ms)`;
}
