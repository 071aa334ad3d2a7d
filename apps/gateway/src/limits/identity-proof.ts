import type { PasswordChangeError, ProblemCode } from '@password-gateway/errors';

/**
 * What AWS decides only after it has authenticated the caller: such an answer proves who calls. Credential, signature,
 * expiry and throttling answers prove nothing, and neither does an answer that did not come.
 */
const DECIDED_AFTER_AUTHENTICATION: ReadonlySet<ProblemCode> = new Set([
  'account_disabled',
  'account_has_no_password',
  'account_not_confirmed',
  'account_not_found',
  'account_temporarily_unmodifiable',
  'account_type_unsupported',
  'attempts_exceeded',
  'current_password_incorrect',
  'current_password_required',
  'new_password_rejected',
  'new_password_reused',
  'not_authorized',
  'outcome_unresolved',
  'password_reset_required',
  'permission_denied',
  'quota_exceeded',
]);

/**
 * Whether an answer of AWS proves who the caller is.
 *
 * @param error the failure; it must be AWS's, not the gateway's own
 */
export function provesIdentity(error: PasswordChangeError): boolean {
  return error.upstream?.error !== undefined && DECIDED_AFTER_AUTHENTICATION.has(error.code);
}
