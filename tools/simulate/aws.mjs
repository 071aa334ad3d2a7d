// @ts-check
import { createHash } from 'node:crypto';
import { URLSearchParams } from 'node:url';

import { running } from './clock.mjs';
import { wireAnswer } from './aws-answers.mjs';

/** How long AWS takes a signature before and after its date, in milliseconds. */
export const SIGNATURE_LIFE_MS = 15 * 60_000;

/** Too weak for every policy. */
export const WEAK = 'weak';

/**
 * How a call fares.
 *
 * `answered`; `reset` or `hung` after it arrived; `dripped`, the answer never ends; `broken`, a 500, `unavailable`, a 503;
 * `throttled`; `refused`, nothing was sent. `commits` says for all that are not told whether the change is carried out.
 *
 * @typedef {{ kind: string, commits: boolean, there: number, back: number }} Fate
 */

/** @typedef {{ provider: 'cognito' | 'iam', id: string, password: string, secret: string }} User */

/**
 * AWS as far as changes of passwords go, behind the gateway's own providers: it is asked in AWS's protocols and answers in
 * them. It knows the one truth: which call changed which password.
 */
export class Aws {
  /** All users, by `sub` or access key id. @type {Map<string, User>} */
  users = new Map();
  /** Every call that arrived. @type {{ at: number, request: any, verdict: string, committed: boolean }[]} */
  calls = [];
  #clock;

  /** @param {import('./clock.mjs').Clock} clock */
  constructor(clock) {
    this.#clock = clock;
  }

  /**
   * The request handler of the gateway's providers.
   *
   * @param {any} sent
   * @param {{ abortSignal: AbortSignal }} options
   */
  handle(sent, { abortSignal }) {
    const { request, replica } = /** @type {any} */ (running.getStore());
    /** @type {Fate} */
    const fate = request.fate;
    return new Promise((resolve, reject) => {
      const alive = (/** @type {() => void} */ tell) => () => {
        if (!replica.dead) running.run({ request, replica }, tell);
      };
      if (fate.kind === 'refused') {
        const refusal = Object.assign(new Error('connect ECONNREFUSED'), { requestSent: false });
        this.#clock.after(
          2,
          alive(() => reject(refusal)),
        );
        return;
      }
      abortSignal.addEventListener('abort', () => reject(new Error('aborted')));
      this.#clock.after(fate.there, () => {
        const verdict = this.#carryOut(sent, request, fate);
        const answer = (/** @type {string} */ code) =>
          resolve({ response: wireAnswer(request.user.provider, code) });
        const tell = {
          answered: () => answer(verdict),
          throttled: () => answer('throttled'),
          broken: () => answer('broken'),
          unavailable: () => answer('unavailable'),
          reset: () => reject(new Error('read ECONNRESET')),
          dripped: () => resolve({ response: { statusCode: 200, headers: {}, body: endless() } }),
        }[fate.kind];
        if (tell) this.#clock.after(fate.back, alive(tell));
      });
    });
  }

  /** @param {any} sent @param {any} request @param {Fate} fate */
  #carryOut(sent, request, { kind, commits }) {
    const isLookedAt = kind === 'answered' || (commits && kind !== 'throttled');
    const verdict = isLookedAt ? this.#judge(sent) : kind;
    this.calls.push({ at: this.#clock.now, request, verdict, committed: verdict === 'changed' });
    return verdict;
  }

  /** @param {{ headers: Record<string, string>, body: string }} sent */
  #judge({ headers, body }) {
    const asked = body.startsWith('{') ? cognitoAsked(body) : iamAsked(headers, body);
    const user = this.users.get(asked.id);
    if (user === undefined) return 'unknown_credential';
    if (asked.signature !== undefined) {
      if (asked.signature !== signatureOf(user, asked.date, body)) return 'signature_mismatch';
      if (Math.abs(this.#clock.date - timeOf(asked.date)) > SIGNATURE_LIFE_MS) return 'signature_expired';
    } else if (asked.expiresAt <= this.#clock.date) {
      return 'token_expired';
    }
    if (asked.current !== user.password) return 'incorrect';
    if (asked.next === WEAK) return 'weak';
    user.password = asked.next;
    return 'changed';
  }
}

/** @param {User} user @param {string} date @param {string} body */
export function signatureOf({ secret }, date, body) {
  return createHash('sha256').update(`${secret} ${date} ${body}`).digest('hex');
}

/** @param {number} time @returns {string} as AWS writes it, in whole seconds */
export function amzDate(time) {
  return `${new Date(time).toISOString().replace(/[-:]|\.\d+/g, '')}`;
}

/** @param {string} date */
function timeOf(date) {
  return Date.parse(date.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)/, '$1-$2-$3:$4:'));
}

/** @param {string} body */
function cognitoAsked(body) {
  const { AccessToken, PreviousPassword, ProposedPassword } = JSON.parse(body);
  const { id, expiresAt, genuine } = readToken(AccessToken);
  return {
    id: genuine ? id : 'nobody',
    expiresAt,
    current: PreviousPassword,
    next: ProposedPassword,
    signature: undefined,
    date: '',
  };
}

/** @param {Record<string, string>} headers @param {string} body */
function iamAsked(headers, body) {
  const form = new URLSearchParams(body);
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const [, id] = /Credential=([^/]+)\//.exec(lower.authorization) ?? [];
  const [, signature] = /Signature=(\w+)/.exec(lower.authorization) ?? [];
  const passwords = { current: form.get('OldPassword'), next: form.get('NewPassword') ?? '' };
  return { id: id ?? '', expiresAt: 0, ...passwords, signature, date: lower['x-amz-date'] };
}

/** @param {string} token @returns {{ id: string, expiresAt: number, genuine: boolean }} */
export function readToken(token) {
  const [id, expiresAt, genuine] = token.split('.');
  return { id, expiresAt: Number(expiresAt), genuine: genuine === 'genuine' };
}

function endless() {
  let destroy = () => undefined;
  const ended = new Promise((_, reject) => {
    destroy = () => void reject(new Error('destroyed'));
  });
  ended.catch(() => undefined);
  return {
    destroy: () => destroy(),
    async *[Symbol.asyncIterator]() {
      yield new Uint8Array([32]);
      await ended;
    },
  };
}
