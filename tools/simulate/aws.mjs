// @ts-check
/** How long AWS takes a signature after its date, in milliseconds. */
export const SIGNATURE_LIFE_MS = 15 * 60_000;
/** The gateway's deadline of a call, in milliseconds. */
export const DEADLINE_MS = 10_000;

/**
 * AWS as far as a change of a password goes. It knows the one truth: who has which password, and which call changed it.
 * A call says, by its fault, whether it is carried out, when, and what the gateway gets to hear.
 */
export class Aws {
  /** Every change that was carried out. @type {{ at: number, request: any }[]} */
  commits = [];
  /** Every call. @type {{ at: number, request: any, judged: string }[]} */
  calls = [];
  #scheduler;
  #errors;

  /** @param {import('./scheduler.mjs').Scheduler} scheduler @param {any} errors the taxonomy's error class */
  constructor(scheduler, errors) {
    this.#scheduler = scheduler;
    this.#errors = errors;
  }

  /**
   * One call. It never settles for a replica that was killed meanwhile.
   *
   * @param {any} request who, passwords, signature, and the fault that it meets
   * @param {{ dead: boolean }} replica
   */
  async call(request, replica) {
    const { fault } = request;
    const record = { at: this.#scheduler.now, request, judged: 'lost' };
    this.calls.push(record);
    const provider = request.user.provider;
    const service = provider === 'iam' ? 'iam' : 'cognito-idp';
    const fail = (/** @type {string} */ code, /** @type {object} */ more = {}) =>
      new this.#errors.PasswordChangeError(code, { provider, ...more });
    const answered = (/** @type {string} */ code) => fail(code, { upstream: { service, error: code } });
    const answer = new Promise((resolve, reject) => {
      const settle = (/** @type {() => void} */ tell) => {
        if (!replica.dead) tell();
      };
      if (fault.kind === 'unreachable') {
        this.#scheduler.at(this.#scheduler.now + 5, () => settle(() => reject(fail('upstream_unreachable'))));
        return;
      }
      this.#scheduler.at(this.#scheduler.now + fault.delay, () => {
        const code = fault.kind === 'throttle' ? 'upstream_throttled' : this.#judge(request, fault);
        record.judged = code;
        const told = {
          none: () =>
            code === 'changed' ? resolve({ provider, upstreamRequestId: undefined }) : reject(answered(code)),
          throttle: () => reject(answered(code)),
          lost: () => reject(fail('upstream_failed')),
          nothing: () => reject(fail('upstream_failed')),
        }[/** @type {'none'} */ (fault.kind)];
        if (told) this.#scheduler.at(this.#scheduler.now + fault.back, () => settle(told));
      });
      // A call that hangs, or is slower than the deadline.
      const startedAt = this.#scheduler.now;
      this.#scheduler.at(startedAt + DEADLINE_MS, () => settle(() => reject(fail('upstream_timeout'))));
    });
    return answer;
  }

  /** @param {any} request @param {any} fault */
  #judge(request, fault) {
    const { user, currentPassword, newPassword, signature } = request;
    if (fault.kind === 'nothing') return 'lost';
    if (signature !== undefined) {
      if (!signature.genuine) return 'signature_mismatch';
      if (this.#scheduler.now > signature.at + SIGNATURE_LIFE_MS) return 'credential_expired';
    }
    if (currentPassword !== user.password) return 'current_password_incorrect';
    if (newPassword === 'weak') return 'new_password_rejected';
    user.password = newPassword;
    this.commits.push({ at: this.#scheduler.now, request });
    return 'changed';
  }
}
