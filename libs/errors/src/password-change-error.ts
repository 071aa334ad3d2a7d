import type { FieldError } from './field-error.js';
import type { NextStep } from './next-step.js';
import { type Outcome, type ProblemCode, problemDefinition } from './taxonomy.js';

/** Who keeps the password. */
export type ProviderName = 'cognito' | 'iam';

/** `exact` where AWS's error name alone decides, `inferred` where the message text was needed. */
export type Confidence = 'exact' | 'inferred';

/** What AWS said, without its message. */
export interface UpstreamReference {
  /** Endpoint prefix of the service: `cognito-idp` or `iam`. */
  readonly service: string;
  /** AWS's error name, for instance `NotAuthorizedException`; absent when no readable answer came. */
  readonly error?: string;
  /** AWS's request id, for AWS support. */
  readonly requestId?: string;
}

/** What an occurrence can say beyond its code; everything else comes from the taxonomy. */
export interface PasswordChangeErrorOptions {
  /** Who keeps the password; absent when no provider was involved yet. */
  readonly provider?: ProviderName;
  /** A sentence for the person; the row's own by default. Never holds what the caller sent. */
  readonly detail?: string;
  /** Only where the taxonomy leaves it open (`internal_error`) or this occurrence knows better than its row. */
  readonly outcome?: Outcome;
  /** How sure the code is; `exact` by default. */
  readonly confidence?: Confidence;
  /** What to do next; the row's own by default. */
  readonly next?: NextStep;
  /** The fields at fault; none by default. */
  readonly errors?: readonly FieldError[];
  /** What AWS said, when it was asked. */
  readonly upstream?: UpstreamReference;
  /** Seconds until a retry makes sense. */
  readonly retryAfterSeconds?: number;
  /** An upstream error text that no rule knew: to be counted, never shown. */
  readonly unmappedText?: boolean;
  /** AWS account id, 12 digits, when AWS named the account: for audit events, not for the answer. */
  readonly account?: string;
  /** What led to this; kept as the cause of the error, as it came, with whatever a request handler of yours put into it. */
  readonly cause?: unknown;
}

/**
 * The one error class of a failed password change. `code` is the closed union of the taxonomy; `outcome` says what
 * became of the password. The message is ours: no password, token, signature or upstream text is in it.
 */
export class PasswordChangeError extends Error {
  /** Always `PasswordChangeError`. */
  override readonly name = 'PasswordChangeError';
  /** What went wrong; a `switch` over it is exhaustive. */
  readonly code: ProblemCode;
  /** What became of the password. */
  readonly outcome: Outcome;
  /** Whether repeating the same request later can succeed. */
  readonly retryable: boolean;
  /** What the caller can do next. */
  readonly next: NextStep;
  /** How sure the code is. */
  readonly confidence: Confidence;
  /** Every field at fault; empty when the code is not about fields. */
  readonly errors: readonly FieldError[];
  /** Who keeps the password, when a provider was involved. */
  readonly provider: ProviderName | undefined;
  /** What AWS said, when it was asked. */
  readonly upstream: UpstreamReference | undefined;
  /** Seconds until a retry makes sense, when that is known. */
  readonly retryAfterSeconds: number | undefined;
  /** Whether AWS sent a text that no rule knew: to be counted, never shown. */
  readonly unmappedText: boolean;
  /** AWS account id, 12 digits, when AWS named the account. */
  readonly account: string | undefined;

  /**
   * @param code - the problem code
   * @param options - what this occurrence adds to the row of the taxonomy
   */
  constructor(code: ProblemCode, options: PasswordChangeErrorOptions = {}) {
    const definition = problemDefinition(code);
    super(
      options.detail ?? definition.detail,
      options.cause === undefined ? undefined : { cause: options.cause },
    );
    this.code = code;
    this.outcome = options.outcome ?? definition.outcome;
    this.retryable = definition.retryable;
    this.next = options.next ?? definition.next;
    this.confidence = options.confidence ?? 'exact';
    this.errors = options.errors ?? [];
    this.provider = options.provider;
    this.upstream = options.upstream;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.unmappedText = options.unmappedText ?? false;
    this.account = options.account;
  }
}
