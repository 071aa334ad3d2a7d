import {
  accessDeniedVerdict,
  COMMON_ERRORS,
  constraintErrors,
  constraintVerdict,
  INCORRECT_PASSWORD,
  passwordPolicyVerdict,
  type UpstreamRow,
  type UpstreamTable,
  type UpstreamVerdict,
  USED_BEFORE,
} from '@password-gateway/errors';

/** What was sent, as far as it bears on the meaning of an answer. */
export interface SentChange {
  readonly sentCurrentPassword: boolean;
}

type Row = UpstreamRow<SentChange>;

const REFERENCE = 'Amazon Cognito API reference, ChangePassword, Errors';
const COMMON = 'Amazon Cognito API reference, "Common Error Types"';
const DENIED = 'IAM User Guide, "Troubleshoot access denied error messages"';

const only = (means: Row['means'], source = REFERENCE): readonly Row[] => [{ means, source }];

const LOCKOUT_SECONDS = 900;

const LOCKED_OUT: UpstreamVerdict = {
  code: 'attempts_exceeded',
  confidence: 'inferred',
  detail: 'Amazon Cognito has locked this user out for a while after too many wrong passwords.',
  retryAfterSeconds: LOCKOUT_SECONDS,
};

const FEDERATED: UpstreamVerdict = {
  code: 'account_type_unsupported',
  confidence: 'inferred',
  detail:
    'This user may not change the password in the user pool: most often the user signs in through another identity provider, and the password is changed there.',
};

const NOT_IN_THIS_REGION: UpstreamVerdict = {
  code: 'permission_denied',
  confidence: 'exact',
  detail:
    "This operation is not possible in this region or in this user pool now: in a copy of a user pool of several regions no password can be changed. It is possible in the pool's primary region, or here later.",
};

const PRIVATE_LINK: UpstreamVerdict = {
  code: 'request_invalid',
  confidence: 'inferred',
  detail:
    'The user pool has managed login, and so takes no calls through a VPC endpoint (AWS PrivateLink): the gateway must call it by its public endpoint.',
  next: 'ask_administrator',
};

/** No call of this library is signed. */
const NO_SIGNATURE: UpstreamVerdict = {
  code: 'signature_mismatch',
  confidence: 'inferred',
  detail:
    'AWS refused a signature, and calls to a user pool carry none: the Cognito endpoint may be another service.',
  next: 'contact_support',
};

/** A current password that was left out cannot be a wrong one. */
const CURRENT_PASSWORD_REQUIRED: UpstreamVerdict = {
  code: 'current_password_required',
  confidence: 'inferred',
  errors: [{ pointer: '/currentPassword', code: 'required', detail: 'The user has a password.' }],
};

const INCORRECT: UpstreamVerdict = {
  code: 'current_password_incorrect',
  confidence: 'inferred',
  errors: [INCORRECT_PASSWORD],
};

/** No AWS identity signs this call, so AWS denies it to "anonymous", and a session with MFA would change nothing. */
const denied = (message: string): UpstreamVerdict =>
  accessDeniedVerdict(message, {
    action: 'cognito-idp:ChangePassword',
    who: 'the users of this pool',
    mfaMayHelp: false,
  });

const ACCESS_DENIED: readonly Row[] = [
  { text: /\bauthorized to perform\b/i, means: denied, source: DENIED },
  { text: /\bexplicit deny\b/i, means: denied, source: DENIED },
  { text: /\b(?:sufficient access|have permission) to perform\b/i, means: denied, source: COMMON },
  { means: 'not_authorized', source: COMMON },
];

const FIELDS: readonly Row[] = [{ means: invalidParameter, source: REFERENCE }];

/**
 * Amazon Cognito's error names for ChangePassword and what each means: by name first, by message second.
 *
 * A test fails when the SDK declares a name that is not here, and when a row names no source.
 */
export const COGNITO_ERRORS: UpstreamTable<SentChange> = {
  ...COMMON_ERRORS,
  ForbiddenException: only('blocked_by_firewall'),
  InternalErrorException: only('upstream_failed'),
  InvalidParameterException: [
    {
      text: /^PrivateLink access is disabled/i,
      means: PRIVATE_LINK,
      source: 'AWS re:Post and public deployments: "… for the user pool that has ManagedLogin configured."',
    },
    ...FIELDS,
  ],
  InvalidPasswordException: only(
    passwordPolicyVerdict,
    `${REFERENCE}; amazon-cognito-identity-js#311 (texts of the policy); public sign-up forms ("… for security reasons.")`,
  ),
  LimitExceededException: only(
    'attempts_exceeded',
    'reapit/foundations#2294; Amazon Cognito developer guide, "Quotas": 5 ChangePassword calls per user and hour',
  ),
  NotAuthorizedException: [
    {
      text: /^Incorrect username or password/i,
      means: (_message, { sentCurrentPassword }) =>
        sentCurrentPassword ? INCORRECT : CURRENT_PASSWORD_REQUIRED,
      source: 'amplify-flutter#1282; amazon-cognito-identity-js#336',
    },
    {
      text: /^User is not authorized to change password/i,
      means: FEDERATED,
      source: 'amplify-js#2464: a user of the hosted UI who signs in with Google',
    },
    {
      text: /^Password attempts exceeded/i,
      means: LOCKED_OUT,
      source:
        'Amazon Cognito developer guide, "Lockout behavior for failed sign-in attempts": up to 15 minutes',
    },
    { text: /^Invalid Access Token/i, means: 'credential_invalid', source: REFERENCE },
    {
      text: /^Could not verify signature for Access Token/i,
      means: 'credential_invalid',
      source: 'Amazon Cognito, tokens of another pool',
    },
    { text: /^Access Token has been revoked/i, means: 'credential_revoked', source: REFERENCE },
    { text: /^Access Token has expired/i, means: 'credential_expired', source: 'amplify-js, many reports' },
    {
      text: /^Access Token does not have required scopes/i,
      means: 'scope_insufficient',
      source: 'amplify-js, tokens of the hosted UI',
    },
    { text: /^User is disabled/i, means: 'account_disabled', source: 'Amazon Cognito, AdminDisableUser' },
    { text: /\bis not authorized to perform:/i, means: denied, source: DENIED },
    { means: 'not_authorized', source: REFERENCE },
  ],
  OperationNotEnabledException: only(NOT_IN_THIS_REGION),
  PasswordHistoryPolicyViolationException: only({
    code: 'new_password_reused',
    confidence: 'exact',
    errors: [USED_BEFORE],
  }),
  PasswordResetRequiredException: only('password_reset_required'),
  ResourceNotFoundException: only('pool_not_found'),
  TooManyFailedAttemptsException: only(LOCKED_OUT, 'Amazon Cognito API reference, other operations'),
  TooManyRequestsException: only('upstream_throttled'),
  UserNotConfirmedException: only('account_not_confirmed'),
  UserNotFoundException: only('account_not_found'),
  // Errors common to all actions whose text or fields decide.
  AccessDenied: ACCESS_DENIED,
  AccessDeniedException: ACCESS_DENIED,
  AuthFailure: only('credential_invalid', 'Amazon EC2 API reference, "Error codes"'),
  InvalidAccessKeyId: only('credential_invalid', 'Amazon S3 API reference, "Error responses"'),
  InvalidClientTokenId: only('credential_invalid', COMMON),
  InvalidSignatureException: only(NO_SIGNATURE, 'AWS re:Post, services of the JSON protocol'),
  SignatureDoesNotMatch: only(NO_SIGNATURE, COMMON),
  UnrecognizedClientException: only('credential_invalid', COMMON),
  InvalidInput: FIELDS,
  InvalidParameterValue: FIELDS,
  MissingParameter: FIELDS,
  ValidationError: FIELDS,
  ValidationException: FIELDS,
};

const POINTERS: Readonly<Record<string, string>> = {
  previousPassword: '/currentPassword',
  proposedPassword: '/newPassword',
};

/** Sources: errors.md, "Known upstream texts"; aws-sdk-java#1130; amazon-cognito-identity-js#311. */
function invalidParameter(message: string, { sentCurrentPassword }: SentChange): UpstreamVerdict {
  const members = constraintErrors(message).map(({ member }) => member.toLowerCase());
  if (members.includes('accesstoken')) return { code: 'credential_malformed', confidence: 'inferred' };
  if (members.length === 1 && members[0] === 'previouspassword' && !sentCurrentPassword) {
    return CURRENT_PASSWORD_REQUIRED;
  }
  return constraintVerdict(message, POINTERS);
}
