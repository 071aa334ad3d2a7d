import type { Attempt } from '../password/attempt.js';

/** Version of the shape of {@link AuditEvent}; a field that changes its meaning or goes raises it. */
export const AUDIT_VERSION = 1;

/** One attempt to change a password, for security teams; what is undefined is left out. Holds no password, token or signature. */
export interface AuditEvent {
  readonly event: 'password_change';
  readonly version: typeof AUDIT_VERSION;
  readonly requestId: string;
  readonly traceId: string | undefined;
  /** The caller's address. */
  readonly address: string;
  readonly provider: 'cognito' | 'iam' | undefined;
  /** Who the credential names: `sub` and user pool, or access key id, and the account when AWS names it. */
  readonly who: Readonly<Record<string, string>> | undefined;
  /** Whether that is proven. Anybody can send a stranger's access key id. */
  readonly identityProven: boolean;
  /** `changed`, or the problem code. */
  readonly code: string;
  /** `changed`, `unchanged` or `unknown`. */
  readonly outcome: string;
  /** The first answer to the same request was given again; AWS was not called. */
  readonly replayed: boolean;
  readonly upstreamRequestId: string | undefined;
}

/**
 * The audit event of an answered attempt.
 *
 * @param attempt what is known of it
 * @param traceId W3C trace id, when the caller sent one
 */
export function auditEvent(attempt: Attempt, traceId: string | undefined): AuditEvent {
  const { requestId, address, provider, who, account, proven, code, outcome, replayed, upstreamRequestId } =
    attempt;
  return {
    event: 'password_change',
    version: AUDIT_VERSION,
    requestId,
    traceId,
    address,
    provider,
    who: account === undefined ? who : { ...who, account },
    identityProven: proven,
    code,
    outcome,
    replayed,
    upstreamRequestId,
  };
}
