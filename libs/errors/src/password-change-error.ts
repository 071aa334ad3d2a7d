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
  readonly provider?: ProviderName;
  readonly detail?: string;
  /** Only where the taxonomy leaves it open (`internal_error`) or this occurrence knows better than its row. */
  readonly outcome?: Outcome;
  readonly confidence?: Confidence;
  readonly next?: NextStep;
  readonly errors?: readonly FieldError[];
  readonly upstream?: UpstreamReference;
  /** Seconds until a retry makes sense. */
  readonly retryAfterSeconds?: number;
  /** An upstream error text that no rule knew: to be counted, never shown. */
  readonly unmappedText?: boolean;
  /** AWS account id, 12 digits, when AWS named the account: for audit events, not for the answer. */
  readonly account?: string;
  readonly cause?: unknown;
}

/**
 * The one error class of a failed password change. `code` is the closed union of the taxonomy; `outcome` says what
 * became of the password. The message is ours: no password, token, signature or upstream text is in it.
 */
export class PasswordChangeError extends Error {
  override readonly name = 'PasswordChangeError';
  readonly code: ProblemCode;
  readonly outcome: Outcome;
  readonly retryable: boolean;
  readonly next: NextStep;
  readonly confidence: Confidence;
  readonly errors: readonly FieldError[];
  readonly provider: ProviderName | undefined;
  readonly upstream: UpstreamReference | undefined;
  readonly retryAfterSeconds: number | undefined;
  readonly unmappedText: boolean;
  readonly account: string | undefined;

  /**
   * @param code the problem code
   * @param options what this occurrence adds to the row of the taxonomy
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
