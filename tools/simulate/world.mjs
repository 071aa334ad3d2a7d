// @ts-check
import { Random } from '../support/random.mjs';
import { Aws } from './aws.mjs';
import { answerOf } from './answers.mjs';
import { Clock, running } from './clock.mjs';
import { RedisServer } from './redis-server.mjs';
import { Replica } from './replica.mjs';

/** One life: its people, its replicas, AWS and Redis, and all that happened. */
export class World {
  clock = new Clock();
  /** @type {string[]} */
  story = [];
  /** In the order in which they were sent. @type {any[]} */
  requests = [];
  /** In the order in which they were given. @type {any[]} */
  answers = [];
  /** When Redis was anything but up: from, until. @type {{ from: number, until: number }[]} */
  troubles = [];
  /** Whether a process has ended. */
  hasRestarted = false;
  /** What was wrong at a moment, seen at that moment. @type {string[]} */
  seen = [];
  #order = 0;
  #names = 0;
  /** @type {Map<string, any>} */
  #byId = new Map();
  /** @type {Map<string, string>} */
  #fingerprints = new Map();

  /** @param {any} code the gateway's modules @param {import('./plan.mjs').Plan} plan */
  constructor(code, plan) {
    this.code = code;
    this.plan = plan;
    this.random = new Random(plan.seed ^ 0x5eed);
    this.aws = new Aws(this.clock);
    this.redis = plan.redis ? new RedisServer(code, this.clock) : undefined;
    if (this.redis) this.redis.onApplied = (operation, result) => this.#applied(operation, result);
    this.users = plan.users.map(({ provider, password }, index) => this.user(provider, `${index}`, password));
  }

  /** Starts the replicas; the clock must be installed. */
  start() {
    this.replicas = Array.from({ length: this.plan.replicas }, (_, place) => new Replica(this, place));
  }

  /** @param {string} provider @param {string} name @param {string} [password] */
  user(provider, name, password = 'first') {
    const id = provider === 'iam' ? `AKIA${name.padStart(16, '0')}` : `sub-${name}`;
    const user = /** @type {any} */ ({ provider, id, password, secret: `secret of ${id}` });
    this.aws.users.set(id, user);
    return user;
  }

  /** A name that nothing else has. @param {string} kind */
  name(kind) {
    this.#names += 1;
    return `${kind}-${this.#names}`;
  }

  /** A place in the order of all that happened. */
  get order() {
    return this.#order++;
  }

  /** @param {string} text */
  tell(text) {
    this.story.push(`${(this.clock.now / 1000).toFixed(3).padStart(9)} s  ${text}`);
  }

  /**
   * What a replica's ledger decided, told by the replica.
   *
   * @param {any} attempt @param {'asked' | 'begin' | 'end'} what @param {any} [result] @param {any} [ending]
   */
  note(attempt, what, result, ending) {
    const request = this.#byId.get(attempt.requestId);
    if (what === 'asked') {
      this.#seeFingerprints(attempt);
      request.asked = this.order;
      return;
    }
    const applied = request.applied.findLast((/** @type {any} */ { name }) => name === what);
    const order = applied?.order ?? this.order;
    request.decided = order;
    if (what === 'begin') request.lookedUp = order;
    if (what === 'end') {
      Object.assign(request, { endedAt: this.clock.now, ending, doubt: result.doubt });
    } else if (result.kind === 'run') {
      const isAlone = request.replica.ledger.shared?.alone.has(attempt.id) === true;
      Object.assign(request, { began: order, beganAt: this.clock.now, isAlone });
    }
  }

  /** Whoever reads Redis must not be able to test guesses with an account of his own. @param {any} attempt */
  #seeFingerprints({ caller, change, current }) {
    for (const fingerprint of [change, current]) {
      const owner = this.#fingerprints.get(fingerprint) ?? caller;
      this.#fingerprints.set(fingerprint, owner);
      const what = 'L7 two callers with the same passwords have the same fingerprint';
      if (owner !== caller && !this.seen.includes(what)) this.seen.push(what);
    }
  }

  /** What Redis carried out. @param {import('./redis-server.mjs').Operation & { order?: number }} operation @param {Promise<any>} result */
  #applied(operation, result) {
    operation.order = this.order;
    const { attempt, name, ending } = operation;
    if (attempt === undefined) return;
    const entry = {
      name,
      ending,
      order: operation.order,
      lost: Infinity,
      isNoted: name === 'end' && ending.state !== 'unchanged',
    };
    Object.assign(operation, { entry });
    this.#byId.get(attempt.requestId).applied.push(entry);
    if (name !== 'begin') return;
    void result.then((reply) => {
      const { kind, code } = JSON.parse(reply[1]);
      Object.assign(entry, { isNoted: kind === 'run', isCharged: code === 'idempotency_key_reused' });
    });
  }

  /** The last of what Redis confirmed is gone. @param {number} lostMs */
  failOver(lostMs) {
    const lost = this.redis?.failOver(lostMs) ?? [];
    for (const { entry } of /** @type {any[]} */ (lost)) if (entry) entry.lost = this.order;
    // Until then the clients have connected again.
    this.troubles.push({ from: this.clock.now - lostMs, until: this.clock.now + 1_000 });
  }

  /**
   * Sends a request, and notes the answer.
   *
   * @param {any} wanted
   * @param {number} place of the replica, if it is alive
   */
  async send(wanted, place) {
    const alive = this.replicas?.filter(({ dead }) => !dead) ?? [];
    const replica = alive[place % Math.max(1, alive.length)];
    const request = { ...wanted, id: this.name('request'), sentAt: this.clock.now, replica };
    request.random = new Random(this.plan.seed ^ Math.imul(Number(request.id.split('-')[1]), 0x9e3779b1));
    Object.assign(request, {
      applied: [],
      began: Infinity,
      decided: Infinity,
      lookedUp: Infinity,
      ending: undefined,
    });
    if (replica === undefined) return;
    this.requests.push(request);
    this.#byId.set(request.id, request);
    this.tell(describe(request));
    const attempt = this.code.newAttempt(request.id, request.network);
    request.attempt = attempt;
    const answer = await running.run({ replica, request }, () => answerOf(this.code, request, attempt));
    if (replica.dead) return;
    const heard = request.leaves === undefined || this.clock.now - request.sentAt < request.leaves;
    Object.assign(answer, { at: this.clock.now, order: this.order, request, heard });
    request.answer = answer;
    this.answers.push(answer);
    const again = answer.replayed ? `, first answer of ${answer.requestId}` : '';
    this.tell(
      `  ${request.id}: ${answer.code}, ${answer.outcome}${again}${heard ? '' : ' (nobody listens)'}`,
    );
  }
}

/** @param {any} request */
function describe({ id, by, user, network, replica, current, next, key, invocation, signed, fate }) {
  const names = [key, invocation, signed && `signature ${signed.signature.slice(0, 6)}`]
    .filter(Boolean)
    .join(' ');
  const { kind, commits, there, back } = fate;
  const call = `${kind}${commits && kind !== 'answered' ? ' but done' : ''} ${there}+${back} ms`;
  return `${id}: ${by} of ${user.id} from ${network} to replica ${replica.place}: ${current} -> ${next} ${names} [AWS ${call}]`;
}
