// @ts-check
import { BOUNDS } from '../gateway.mjs';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** What AWS says to a password that has just been changed. */
export const MAY_FOLLOW_A_CHANGE = new Set([
  'current_password_incorrect',
  'current_password_required',
  'not_authorized',
]);

/**
 * What happened in a life, in the words of the invariants.
 */
export class Knowledge {
  /** @param {import('../world.mjs').World} world */
  constructor(world) {
    this.world = world;
    /** Calls that changed a password. */
    this.commits = world.aws.calls.filter(({ committed }) => committed);
    /** @type {Map<any, { at: number }>} */
    this.commitOf = new Map(this.commits.map((call) => [call.request, call]));
    /** Requests that the ledger let run. */
    this.runs = world.requests.filter(({ began }) => began < Infinity);
    this.calls = new Map(world.aws.calls.map((call) => [call.request, call]));
    /** @type {Map<any, any[]>} */
    this.byUser = new Map();
    for (const run of this.runs) this.byUser.set(run.user, [...(this.byUser.get(run.user) ?? []), run]);
  }

  /** Attempts of the same caller. A user of whom nothing is proven is another caller with each token. @param {any} request */
  ofCaller(request) {
    const all = this.byUser.get(request.user) ?? [];
    if (!this.world.plan.anyPool || request.user.provider === 'iam') return all;
    return all.filter(({ token }) => token === request.token);
  }

  /** Whether an attempt may have changed the password, as far as the gateway was told. @param {any} run */
  mayHaveChanged(run) {
    if (this.commitOf.has(run)) return true;
    // Redis can know how it ended though the process died before it heard that.
    const written = run.applied.findLast(
      (/** @type {any} */ { name, lost }) => name === 'end' && lost === Infinity,
    );
    const ending = run.ending ?? written?.ending;
    return ending ? ending.state !== 'unchanged' : run.attempt.calledUpstream;
  }

  /**
   * Whether the ledger can have known of a run when it decided about another request: it was in Redis by then, or both were
   * served by one process, without Redis. What a lossy failover lost is excused, as the README says, and what Redis never
   * confirmed.
   *
   * @param {any} run @param {any} request @param {number} [when] place in the order of all that happened
   */
  knows(run, request, when = request.decided) {
    if (run === request) return true;
    if (run.began >= when || this.isCrowdedOut(run, request)) return false;
    const isLost = run.applied.some((/** @type {any} */ { lost }) => lost < when);
    const isAlone = this.world.redis === undefined || (run.isAlone && !isLost);
    if (run.replica === request.replica && isAlone) return true;
    // Whoever ran without Redis could not look there.
    if (request.isAlone) return false;
    const isWritten = (/** @type {any} */ { isNoted, order, lost }) => isNoted && order < when && lost > when;
    return run.applied.some(isWritten);
  }

  /** The memory of outcomes is bounded: for a caller, and for all whom nobody has proven. @param {any} run @param {any} request */
  isCrowdedOut(run, request) {
    const before = (/** @type {any} */ other) => other !== run && other.began < request.decided;
    const left = (/** @type {any} */ other) => before(other) && this.mayHaveChanged(other);
    const own = this.ofCaller(run).filter(left).length;
    if (own >= BOUNDS.outcomes) return true;
    if (run.user.provider !== 'iam' && !this.world.plan.anyPool) return false;
    return this.runs.filter((other) => left(other) && !other.attempt.proven).length >= BOUNDS.unproven;
  }

  /** Whether a request's caller was proven by the time of its answer. @param {any} request */
  isProven({ user, attempt }) {
    return attempt.proven || (user.provider === 'cognito' && !this.world.plan.anyPool);
  }

  /**
   * Whether two requests came under one key. The key of an IAM caller is that of one network until AWS has proven the caller.
   *
   * @param {any} run @param {any} request
   */
  sharesKey(run, request) {
    if (run.key === undefined || run.key !== request.key) return false;
    if (run.user.provider === 'cognito' || run.network === request.network) return true;
    const isLost = (/** @type {any} */ { lost }) => lost < Infinity;
    const isEnd = (/** @type {any} */ { name }) => name === 'end';
    const hasTakenIt = (/** @type {any} */ other) =>
      other.key === run.key &&
      !other.applied.some(isLost) &&
      (this.world.redis === undefined || other.applied.some(isEnd)) &&
      other.ending?.proven &&
      other.ending.kept &&
      other.decided < request.lookedUp;
    const [first] = this.ofCaller(run)
      .filter(hasTakenIt)
      .sort((one, other) => one.decided - other.decided);
    return first === run;
  }

  /** @param {any} run @param {any} request */
  sharesSignature(run, request) {
    return run.signed !== undefined && run.signed.signature === request.signed?.signature;
  }

  /** @param {number} from @param {number} until whether Redis was in trouble at any time between */
  wasTroubled(from, until) {
    return this.world.troubles.some((trouble) => trouble.from <= until && trouble.until >= from);
  }
}

/** @param {any} one @param {any} other */
export function isSameChange(one, other) {
  return one.current === other.current && one.next === other.next;
}
