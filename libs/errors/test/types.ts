import type { Outcome, PasswordChangeError, PasswordChangeErrorOptions, ProblemCode } from '../src/index.js';

// Compiled by the typecheck target and never run: each @ts-expect-error fails the build once its line compiles.

/** A switch over the union narrows, so that a code that is forgotten shows. */
export function afterAll({ code }: PasswordChangeError): string {
  switch (code) {
    case 'request_malformed':
    case 'request_invalid':
    case 'request_too_large':
    case 'media_type_unsupported':
    case 'request_timeout':
    case 'headers_too_large':
    case 'route_not_found':
    case 'method_not_allowed':
    case 'credential_missing':
    case 'credential_malformed':
    case 'credential_invalid':
    case 'credential_expired':
    case 'credential_revoked':
    case 'signature_mismatch':
    case 'scope_insufficient':
    case 'pool_not_allowed':
    case 'permission_denied':
    case 'blocked_by_firewall':
    case 'current_password_incorrect':
    case 'current_password_required':
    case 'new_password_rejected':
    case 'new_password_reused':
    case 'not_authorized':
    case 'account_disabled':
    case 'account_not_confirmed':
    case 'account_not_found':
    case 'account_has_no_password':
    case 'account_type_unsupported':
    case 'account_temporarily_unmodifiable':
    case 'password_reset_required':
    case 'pool_not_found':
    case 'attempts_exceeded':
    case 'quota_exceeded':
    case 'rate_limited':
    case 'upstream_throttled':
    case 'idempotency_key_reused':
    case 'request_in_progress':
    case 'idempotency_unavailable':
    case 'upstream_unreachable':
    case 'upstream_timeout':
    case 'upstream_failed':
    case 'upstream_unavailable':
    case 'outcome_unresolved':
    case 'upstream_error_unrecognised':
    case 'gateway_draining':
      return 'told';
    default: {
      const forgotten: 'internal_error' = code;
      // @ts-expect-error -- one case is missing above, so the switch is not exhaustive
      const nothing: never = code;
      return [forgotten, nothing].join();
    }
  }
}

// @ts-expect-error -- no such code
export const unknownCode: ProblemCode = 'password_wrong';

// @ts-expect-error -- a failure never says that the password changed
export const changed: Outcome = 'changed';

// @ts-expect-error -- the code is the first argument and no option
export const twoCodes: PasswordChangeErrorOptions = { code: 'internal_error' };

/** What was thrown is a record, not a place to write. */
export function overwrite(error: PasswordChangeError): void {
  // @ts-expect-error -- read-only
  error.outcome = 'unchanged';
}
