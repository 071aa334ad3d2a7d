/**
 * The ledger: one memory of what was tried. Everything that an answer claims about earlier attempts comes from it. It has two
 * operations, `begin` and `end`, and each of them is one atomic step of the store. This file is the protocol's vocabulary;
 * begin.ts and end.ts are the protocol, begin.lua.ts and end.lua.ts the same in Redis, shared-ledger.ts what happens while
 * Redis is away.
 */

/** What makes a repetition of an attempt recognisable. */
export interface AttemptName {
  /**
   * `key`: the caller's Idempotency-Key. `signature`: the signature of an IAM request. `invocation`: the id that an SDK gives
   * all tries of one call; it promises nothing.
   */
  readonly kind: 'key' | 'signature' | 'invocation';
  /** Keyed hash of the name and of whom it belongs to. */
  readonly name: string;
  /** Keyed hash of the request that the name stands for: under another one it is another request. */
  readonly binding: string;
  /** How long the name is remembered after the attempt has ended, in milliseconds. */
  readonly keepMs: number;
  /**
   * It is taken only by an answer that proves the caller. So what a stranger tries in somebody's name takes no key from the
   * owner; while nothing is proven, a key is the caller's in one network.
   */
  readonly onceProven: boolean;
}

/** One request that has passed every local check. All of it is keyed hashes: no password, token or signature is in it. */
export interface LedgerAttempt {
  /** A UUID of this attempt alone; the caller cannot choose it. */
  readonly id: string;
  readonly requestId: string;
  /** Who calls. All that is remembered of one caller is kept in one place of the store. */
  readonly caller: string;
  /** Whether the caller is proven before AWS is asked: Cognito by the token, IAM never. */
  readonly proven: boolean;
  /** From where a caller calls who is not proven: its network. Empty for a proven caller. */
  readonly network: string;
  /** Caller, current password and new password. */
  readonly change: string;
  /** Caller and current password. */
  readonly current: string;
  /** The most telling one first: the signature, then the key or the invocation id. */
  readonly names: readonly AttemptName[];
  /** False for an attempt that nothing may be sent for: while draining, or with an expired credential. */
  readonly mayRun: boolean;
  /** It runs, because the store could not be asked: it is noted and not judged. */
  readonly runs?: true;
}

/** Points of the identity limit that are charged to a caller; none for who must not learn of them, a stranger in its name. */
export interface ChargedPoints {
  readonly points: number;
  /** Until the first of them is given back, in milliseconds; 0 without any. */
  readonly firstMs: number;
  /** Until the last of them is given back, in milliseconds; 0 without any. */
  readonly lastMs: number;
}

/** What the ledger refuses an attempt with; nothing may be sent then. */
export type Refusal =
  | 'request_in_progress'
  | 'outcome_unresolved'
  | 'idempotency_key_reused'
  | 'idempotency_unavailable'
  | 'rate_limited'
  /** The ledger does not know the attempt, and it may not run. */
  | 'not_admitted';

/** What `begin` decides. */
export type Decision = { readonly charged: ChargedPoints } & (
  | {
      readonly kind: 'run';
      /** Whether the attempt is the caller's own: it is proven, or comes from where AWS has proven the caller. */
      readonly trusted: boolean;
    }
  /** The first answer and the doubt about it, as they were given to `end`. */
  | { readonly kind: 'replay'; readonly answer: string; readonly doubt: Doubt }
  | {
      readonly kind: 'refused';
      readonly code: Refusal;
      /** Whether an earlier attempt may have changed the password, or may still do it. */
      readonly inDoubt: boolean;
      /** Until another try makes sense, in milliseconds; 0 where nobody knows. */
      readonly retryAfterMs: number;
    }
);

/**
 * What speaks against "unchanged". Empty: nothing. `unknown`: another attempt may have changed the password.
 * `changed <milliseconds since 1970> <request id>`: that request has made this very change.
 */
export type Doubt = '' | 'unknown' | `changed ${string}`;

/** How an attempt has ended. */
export interface Ending {
  readonly state: 'changed' | 'unchanged' | 'unknown';
  /** AWS says what it also says to a password that has just been changed: that the current one is wrong. */
  readonly incorrect: boolean;
  /** AWS has judged the passwords. Any other answer costs nothing, so it must not tell the passwords of other attempts. */
  readonly judged: boolean;
  /** Whether AWS's answer has proven the caller, or the token had. */
  readonly proven: boolean;
  /** Whether it costs a point of the identity limit. */
  readonly charged: boolean;
  /** Whether a repetition gets this answer again; if not, it is a new attempt. */
  readonly kept: boolean;
  /** The answer, written for the store, before any doubt is put into it. */
  readonly answer: string;
  /** How long the attempt has run, in milliseconds: for a store that did not see it begin. */
  readonly ranMs: number;
  /** The doubt that was told already: by a process that could not reach the shared store. */
  readonly told?: Doubt;
}

/** What `end` returns. */
export interface Verdict {
  readonly doubt: Doubt;
  readonly charged: ChargedPoints;
}

/** One memory of what was tried: in this process, or in Redis. */
export interface Ledger {
  /** Judges an attempt, and notes it as running if it may run. */
  begin(attempt: LedgerAttempt): Promise<Decision>;
  /** Notes how an attempt has ended, and returns what speaks against telling it. */
  end(attempt: LedgerAttempt, ending: Ending): Promise<Verdict>;
}

/** The numbers of the protocol. */
export interface LedgerRules {
  /** The identity limit; undefined when it is off. */
  readonly limit: { readonly points: number; readonly seconds: number } | undefined;
  /** How long an attempt may run; one that did not end by then has an unknown outcome. */
  readonly leaseMs: number;
  readonly bounds: LedgerBounds;
}

/** How long final answers, keys and unknown outcomes are remembered, in milliseconds. */
export const REMEMBER_MS = 24 * 60 * 60 * 1000;

/** How long a change that was told is held against AWS's "incorrect", in milliseconds. */
export const CHANGED_MS = 60 * 60 * 1000;

/** How much is remembered of one caller; the same for all but tests. */
export interface LedgerBounds {
  /** Most names: far more than anybody needs in a day. */
  readonly names: number;
  /** Most changed and unknown outcomes, and as many that strangers left; beyond that the oldest goes. */
  readonly outcomes: number;
  /** Most networks that the caller counts as proven from; beyond that the oldest goes. */
  readonly networks: number;
}

/** The bounds that the gateway runs with. */
export const BOUNDS: LedgerBounds = Object.freeze({ names: 1_000, outcomes: 256, networks: 256 });

/** How soon to ask again when only attempts that run stand in the way, in milliseconds. */
export const RUNNING_RETRY_MS = 1_000;

/** No points. */
export const NOTHING_CHARGED: ChargedPoints = Object.freeze({ points: 0, firstMs: 0, lastMs: 0 });
