import { describe, expect, it } from '@jest/globals';
import { PROBLEM_CODES, PasswordChangeError, type ProblemCode } from '@password-gateway/errors';

import { provesIdentity } from './identity-proof.js';

const ANSWERED = { service: 'iam', error: 'SomeException' };
const SILENT = { service: 'iam' };

const COGNITO_BY_TOKEN = { provider: 'cognito', proven: true } as const;
const COGNITO_UNPROVEN = { provider: 'cognito', proven: false } as const;
const IAM = { provider: 'iam', proven: false } as const;

/** Answers about the credential: whoever sent it may have found it. */
const CREDENTIAL = [
  'credential_expired',
  'credential_invalid',
  'credential_malformed',
  'credential_missing',
  'credential_revoked',
  'scope_insufficient',
  'signature_mismatch',
] as const satisfies readonly ProblemCode[];

/** AWS says so only to somebody whom it knows. */
const AUTHENTICATED = [
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
] as const satisfies readonly ProblemCode[];

const proofs = (caller: Parameters<typeof provesIdentity>[0], upstream?: typeof ANSWERED | typeof SILENT) =>
  PROBLEM_CODES.filter((code) =>
    provesIdentity(caller, new PasswordChangeError(code, { ...(upstream && { upstream }) })),
  ).toSorted();

const without = (codes: readonly ProblemCode[], ...left: readonly ProblemCode[]) =>
  codes.filter((code) => !left.includes(code)).toSorted();

describe('what proves who calls', () => {
  it('with a verified token: every answer but those about the credential', () => {
    expect(proofs(COGNITO_BY_TOKEN)).toEqual(without(PROBLEM_CODES, ...CREDENTIAL));
  });

  it('with a signature: what AWS answers after it has checked that', () => {
    expect(proofs(IAM, ANSWERED)).toEqual(without(AUTHENTICATED));
  });

  it('with an unverified token: the same, but not "not authorized", which Cognito tells a forger too', () => {
    expect(proofs(COGNITO_UNPROVEN, ANSWERED)).toEqual(without(AUTHENTICATED, 'not_authorized'));
  });

  it.each([
    ['an answer without a name', SILENT],
    ['no answer of AWS', undefined],
  ])('nothing, after %s', (_what, upstream) => {
    expect(proofs(IAM, upstream)).toEqual([]);
    expect(proofs(COGNITO_UNPROVEN, upstream)).toEqual([]);
  });
});
