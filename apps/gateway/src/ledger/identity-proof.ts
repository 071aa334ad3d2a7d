import type { PasswordChangeError, ProblemCode } from '@password-gateway/errors';

import type { Caller } from '../password/provider-adapter.js';

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

/** Answers about the credential itself; they say nothing about who holds it, even when its signature was verified. */
const ABOUT_THE_CREDENTIAL: ReadonlySet<ProblemCode> = new Set([
  'credential_expired',
  'credential_invalid',
  'credential_malformed',
  'credential_missing',
  'credential_revoked',
  'scope_insufficient',
  'signature_mismatch',
]);

/**
 * Whether an answer leaves the caller proven.
 *
 * @param caller who the credential names, and whether the gateway has proven it
 * @param error the failure
 */
export function provesIdentity(
  caller: Pick<Caller, 'provider' | 'proven'>,
  error: PasswordChangeError,
): boolean {
  if (ABOUT_THE_CREDENTIAL.has(error.code)) return false;
  if (caller.proven) return true;
  // Cognito refuses a forged token by the same error name as a wrong password, in texts that are not all known.
  if (caller.provider === 'cognito' && error.code === 'not_authorized') return false;
  return error.upstream?.error !== undefined && DECIDED_AFTER_AUTHENTICATION.has(error.code);
}
