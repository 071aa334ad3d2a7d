import {
  constraintVerdict,
  INCORRECT_PASSWORD,
  passwordPolicyVerdict,
  type UpstreamRule,
  type UpstreamVerdict,
  USED_BEFORE,
} from '@password-gateway/errors';

/** What was sent, as far as it bears on the meaning of an answer. */
export interface SentRequest {
  readonly sentSecurityToken: boolean;
}

/** AWS's words for this state: "wait several minutes". */
const UNMODIFIABLE_RETRY_SECONDS = 300;

/**
 * AWS IAM's error codes for ChangePassword, as they stand in the XML, and what each means: by name first, by message
 * second.
 *
 * Sources: the `@throws` list of the SDK's ChangePasswordCommand; IAM API reference, ChangePassword and Common Errors.
 * A test fails when the SDK declares a name that is not here.
 */
export const IAM_ERRORS: Readonly<Record<string, UpstreamRule<SentRequest>>> = {
  EntityTemporarilyUnmodifiable: () => ({
    code: 'account_temporarily_unmodifiable',
    confidence: 'exact',
    retryAfterSeconds: UNMODIFIABLE_RETRY_SECONDS,
  }),
  InvalidUserType: 'account_type_unsupported',
  LimitExceeded: 'quota_exceeded',
  NoSuchEntity: (message) =>
    message.startsWith('Login Profile for User')
      ? { code: 'account_has_no_password', confidence: 'inferred' }
      : {
          code: 'account_not_found',
          confidence: 'inferred',
          unmappedText: !message.startsWith('The user with name'),
        },
  PasswordPolicyViolation: passwordPolicyViolation,
  ServiceFailure: 'upstream_failed',
  // Errors common to all actions.
  AccessDenied: accessDenied,
  AccessDeniedException: accessDenied,
  ExpiredToken: 'credential_expired',
  ExpiredTokenException: 'credential_expired',
  IncompleteSignature: 'credential_malformed',
  InternalFailure: 'upstream_failed',
  InvalidClientTokenId: 'credential_invalid',
  MissingAuthenticationToken: 'credential_missing',
  OptInRequired: 'permission_denied',
  RequestExpired: () => ({ code: 'credential_expired', confidence: 'exact', next: 'sign_the_same_body' }),
  ServiceUnavailable: 'upstream_failed',
  SignatureDoesNotMatch: signatureDoesNotMatch,
  Throttling: 'upstream_throttled',
  ThrottlingException: 'upstream_throttled',
  UnrecognizedClientException: 'credential_invalid',
  ValidationError: validationError,
};

function accessDenied(message: string, { sentSecurityToken }: SentRequest): UpstreamVerdict {
  if (message.startsWith('The old password was incorrect')) {
    return { code: 'current_password_incorrect', confidence: 'inferred', errors: [INCORRECT_PASSWORD] };
  }
  if (message.startsWith('Only IAM Users can change their own password')) {
    return { code: 'account_type_unsupported', confidence: 'inferred' };
  }
  if (message.includes('not authorized to perform')) {
    const account = ARN_ACCOUNT.exec(message)?.[1];
    return { ...permissionDenied(message, sentSecurityToken), ...(account !== undefined && { account }) };
  }
  return { code: 'not_authorized', confidence: 'inferred', unmappedText: true };
}

/** The account in the ARN of the caller. Source: IAM User Guide, "IAM identifiers". */
const ARN_ACCOUNT = /arn:aws[\w-]*:(?:iam|sts)::(\d{12}):/;

const POLICIES = [
  'identity-based policy',
  'permissions boundary',
  'resource control policy',
  'service control policy',
  'session policy',
  'VPC endpoint policy',
];

/**
 * Names the kind of policy that AWS names. The policy that forces MFA denies a long-term key explicitly, so that
 * combination points to an MFA session rather than to an administrator.
 */
function permissionDenied(message: string, sentSecurityToken: boolean): UpstreamVerdict {
  const policy = POLICIES.find((kind) => message.includes(kind));
  const explicit = message.includes('explicit deny');
  if (policy === undefined) return { code: 'permission_denied', confidence: 'inferred' };
  if (explicit && policy === 'identity-based policy' && !sentSecurityToken) {
    return {
      code: 'permission_denied',
      confidence: 'inferred',
      next: 'get_mfa_session',
      detail:
        'An identity-based policy denies iam:ChangePassword to this user explicitly; most often it does so until the user signs in with MFA.',
    };
  }
  return {
    code: 'permission_denied',
    confidence: 'inferred',
    detail: explicit
      ? `${policy.startsWith('i') ? 'An' : 'A'} ${policy} denies iam:ChangePassword to this user explicitly.`
      : `No ${policy} allows iam:ChangePassword to this user.`,
  };
}

function signatureDoesNotMatch(message: string): UpstreamVerdict {
  if (/^Signature (?:expired|not yet current)/.test(message)) {
    return { code: 'credential_expired', confidence: 'inferred', next: 'sign_the_same_body' };
  }
  if (/^(?:Credential should be scoped|Date in Credential scope)/.test(message)) {
    return { code: 'credential_malformed', confidence: 'inferred' };
  }
  return { code: 'signature_mismatch', confidence: 'exact' };
}

function passwordPolicyViolation(message: string): UpstreamVerdict {
  return /reuse/i.test(message)
    ? { code: 'new_password_reused', confidence: 'inferred', errors: [USED_BEFORE] }
    : passwordPolicyVerdict(message);
}

function validationError(message: string): UpstreamVerdict {
  return constraintVerdict(message, { oldPassword: '/currentPassword', newPassword: '/newPassword' });
}
