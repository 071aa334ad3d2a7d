import type { ServiceName } from './calls.js';

/** What a fault may be scripted for: an AWS service, or the token keys (JWKS) endpoint. */
export type FaultService = ServiceName | 'jwks';

/**
 * What goes wrong.
 *
 * Kinds that run the call first, so that it may commit: `commit-then-reset`, `commit-then-hang`, `slow-drip`,
 * `truncated`, `large` and `delay`. Kinds that answer in its place and commit nothing: `error` (after the request was
 * parsed and authenticated), `reset` (before the body is read), `hang`, `waf`, `status`, `redirect` and `html`; the last
 * three run the call first with `commit: true`.
 */
export type Fault =
  | {
      readonly kind: 'error';
      /** AWS error name; known names get AWS's own status and text. */
      readonly code: string;
      readonly message?: string | undefined;
      readonly status?: number | undefined;
    }
  | { readonly kind: 'commit-then-reset' }
  | { readonly kind: 'commit-then-hang' }
  | { readonly kind: 'reset' }
  | { readonly kind: 'hang' }
  | {
      readonly kind: 'slow-drip';
      /** Default 1: one byte of the body each second. */
      readonly bytesPerSecond?: number | undefined;
    }
  | {
      readonly kind: 'delay';
      /** How long the true answer is held back, in ms. */
      readonly ms: number;
    }
  | {
      readonly kind: 'status';
      readonly status: number;
      /** Default: the small HTML page of a load balancer. */
      readonly body?: string | undefined;
      readonly contentType?: string | undefined;
      readonly commit?: boolean | undefined;
    }
  | {
      readonly kind: 'redirect';
      readonly location: string;
      /** Default 302. */
      readonly status?: number | undefined;
      readonly commit?: boolean | undefined;
    }
  | { readonly kind: 'html'; readonly commit?: boolean | undefined }
  | {
      /** The page of AWS WAF that asks for a CAPTCHA (405) or makes a browser compute something (202). */
      readonly kind: 'waf';
      readonly challenge: 'captcha' | 'challenge';
    }
  | {
      readonly kind: 'truncated';
      /**
       * `broken` (default): the connection closes before the announced length; `intact`: the HTTP message is whole
       * and the document in it is cut.
       */
      readonly framing?: 'broken' | 'intact' | undefined;
    }
  | {
      readonly kind: 'large';
      /** Length of the body: the true answer behind white space, so that a reader without a cap succeeds. */
      readonly bytes: number;
    };

/** A fault and the calls that it hits. */
export interface FaultScript {
  /** Default: every service. */
  readonly service?: FaultService | undefined;
  /** Operation name, such as `ChangePassword`; default: every one. */
  readonly action?: string | undefined;
  /** What goes wrong. */
  readonly fault: Fault;
  /** How many calls it hits, default 1; `Infinity` until cleared. */
  readonly times?: number | undefined;
}

interface QueuedScript extends FaultScript {
  left: number;
}

/** The faults to come, first in first out among those that fit a call. */
export class FaultQueue {
  #queue: QueuedScript[] = [];

  /**
   * Scripts a fault for the next matching calls.
   *
   * @throws RangeError when `times` is below 1
   */
  next(script: FaultScript): void {
    const left = script.times ?? 1;
    if (!(left >= 1)) throw new RangeError('times must be at least 1');
    this.#queue.push({ ...script, left });
  }

  /** Forgets all scripted faults; calls that already hang go on hanging. */
  clear(): void {
    this.#queue = [];
  }

  /** How many scripts wait. */
  get pending(): number {
    return this.#queue.length;
  }

  /** The fault that would hit such a call; an unknown action fits every script. */
  peek(service: FaultService, action: string | undefined): Fault | undefined {
    return this.#find(service, action)?.fault;
  }

  /** Uses up the fault that hits such a call. */
  take(service: FaultService, action: string | undefined): Fault | undefined {
    const script = this.#find(service, action);
    if (!script) return undefined;
    script.left -= 1;
    if (script.left <= 0) this.#queue = this.#queue.filter((queued) => queued !== script);
    return script.fault;
  }

  #find(service: FaultService, action: string | undefined): QueuedScript | undefined {
    if (this.#queue.length === 0) return undefined;
    return this.#queue.find(
      (script) =>
        (script.service === undefined ? service !== 'jwks' : script.service === service) &&
        (script.action === undefined || action === undefined || script.action === action),
    );
  }
}
