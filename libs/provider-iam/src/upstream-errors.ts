import {
  accessDeniedVerdict,
  COMMON_ERRORS,
  constraintVerdict,
  INCORRECT_PASSWORD,
  passwordPolicyVerdict,
  type UpstreamRow,
  type UpstreamTable,
  type UpstreamVerdict,
} from '@password-gateway/errors';

/** What was sent, as far as it bears on the meaning of an answer. */
export interface SentRequest {
  readonly sentSecurityToken: boolean;
}

type Row = UpstreamRow<SentRequest>;

const REFERENCE = 'AWS IAM API reference, ChangePassword, Errors';
const COMMON = 'AWS IAM API reference, "Common Error Types"';
const DENIED = 'IAM User Guide, "Troubleshoot access denied error messages"';
const EITHER = 'AWS re:Post, "iam-user-password-error"; terraform-aws-iam#471';
const SIGNATURES = 'IAM User Guide, "Troubleshoot Signature Version 4 requests"';

const only = (means: Row['means'], source = REFERENCE): readonly Row[] => [{ means, source }];

/** AWS's words for this state: "wait several minutes". */
const UNMODIFIABLE_RETRY_SECONDS = 300;

const NO_IAM_USER: UpstreamVerdict = { code: 'account_type_unsupported', confidence: 'inferred' };

/** AWS names two reasons, and each has a way out of its own. */
const PERMISSION_OR_POLICY: UpstreamVerdict = {
  code: 'permission_denied',
  confidence: 'inferred',
  next: 'choose_another_password',
  detail:
    "AWS does not say which of two reasons it is. Either the new password does not meet the account's password policy: choose another one. Or no policy allows iam:ChangePassword to this user: ask an administrator to allow it.",
};

const TOO_OLD: UpstreamVerdict = {
  code: 'credential_expired',
  confidence: 'inferred',
  next: 'sign_the_same_body',
};

const UNSURE_OF_SIGNATURE: UpstreamVerdict = {
  code: 'signature_mismatch',
  confidence: 'inferred',
  detail: 'AWS did not take the signature of the request.',
  unmappedText: true,
};

/** The account in the ARN of the caller. Source: IAM User Guide, "IAM identifiers". */
const ARN_ACCOUNT = /arn:aws[\w-]*:(?:iam|sts)::(\d{12}):/;

function accountOf(message: string): Pick<UpstreamVerdict, 'account'> {
  const account = ARN_ACCOUNT.exec(message)?.[1];
  return account === undefined ? {} : { account };
}

const noIamUser = (message: string): UpstreamVerdict => ({ ...NO_IAM_USER, ...accountOf(message) });

const denied = (message: string, { sentSecurityToken }: SentRequest): UpstreamVerdict => ({
  ...accessDeniedVerdict(message, {
    action: 'iam:ChangePassword',
    who: 'this user',
    mfaMayHelp: !sentSecurityToken,
  }),
  ...accountOf(message),
});

const ACCESS_DENIED: readonly Row[] = [
  {
    text: /^The old password was incorrect/i,
    means: { code: 'current_password_incorrect', confidence: 'inferred', errors: [INCORRECT_PASSWORD] },
    source: 'moto and LocalStack, ChangePassword',
  },
  {
    text: /^Only IAM Users can change their own password/i,
    means: NO_IAM_USER,
    source: 'moto, ChangePassword',
  },
  {
    text: /authorized to perform:? iam:ChangePassword\b.*\bor\b.*\b(?:comply|conform)/is,
    means: (message) => ({ ...PERMISSION_OR_POLICY, ...accountOf(message) }),
    source: EITHER,
  },
  {
    // Names of users hold neither blanks nor colons, so nobody is taken for a session by the name.
    text: /\bUser: arn:aws[\w-]*:(?:sts::\d*:(?:assumed-role|federated-user)\/|iam::\d*:root\b)/i,
    means: noIamUser,
    source: `${DENIED}: arn:aws:sts::…:assumed-role/…`,
  },
  { text: /\bauthorized to perform\b/i, means: denied, source: DENIED },
  { text: /\bexplicit deny\b/i, means: denied, source: DENIED },
  { text: /\b(?:sufficient access|have permission) to perform\b/i, means: denied, source: COMMON },
  { means: 'not_authorized', source: COMMON },
];

/** A key that AWS does not know, for one of two reasons that the caller can tell apart. */
const UNKNOWN_KEY: Row['means'] = (_message, { sentSecurityToken }) =>
  sentSecurityToken
    ? {
        code: 'credential_invalid',
        confidence: 'inferred',
        next: 'get_mfa_session',
        detail:
          'AWS IAM does not take these temporary credentials: it takes those of get-session-token only when they were made with an MFA code. Or they are not valid.',
      }
    : {
        code: 'credential_invalid',
        confidence: 'inferred',
        detail:
          'AWS does not know the access key: it does not exist, is inactive, or was made moments ago, and then works in some seconds.',
      };

const UNKNOWN_KEY_SOURCE =
  'aws-vault#15, #172, #1056: sessions without MFA; IAM User Guide, "Changes that I make are not always immediately visible"';

const SIGNATURE: readonly Row[] = [
  { text: /^Signature (?:expired|not yet current)/i, means: TOO_OLD, source: SIGNATURES },
  {
    text: /^(?:Credential should be scoped|Date in Credential scope)/i,
    means: 'credential_malformed',
    source: SIGNATURES,
  },
  {
    text: /^The request signature we calculated does not match/i,
    means: { code: 'signature_mismatch', confidence: 'exact' },
    source: COMMON,
  },
  { text: /^$/, means: { code: 'signature_mismatch', confidence: 'exact' }, source: COMMON },
  { means: UNSURE_OF_SIGNATURE, source: COMMON },
];

const FIELDS: readonly Row[] = [
  {
    text: /\bMust specify userName when calling with non-User credentials/i,
    means: NO_IAM_USER,
    source: 'terraform-provider-aws, aws_iam_access_key: sessions of roles',
  },
  {
    means: (message) =>
      constraintVerdict(message, { oldPassword: '/currentPassword', newPassword: '/newPassword' }),
    source: `${COMMON}; IAM, "The specified value for policyName is invalid. …"`,
  },
];

/**
 * AWS IAM's error codes for ChangePassword, as they stand in the XML, and what each means: by name first, by message
 * second.
 *
 * A test fails when the SDK declares a name that is not here, and when a row names no source.
 */
export const IAM_ERRORS: UpstreamTable<SentRequest> = {
  ...COMMON_ERRORS,
  EntityTemporarilyUnmodifiable: only({
    code: 'account_temporarily_unmodifiable',
    confidence: 'exact',
    retryAfterSeconds: UNMODIFIABLE_RETRY_SECONDS,
  }),
  InvalidUserType: only('account_type_unsupported'),
  LimitExceeded: only('quota_exceeded'),
  NoSuchEntity: [
    { text: /^Login Profile for User/i, means: 'account_has_no_password', source: REFERENCE },
    { text: /^The user with name/i, means: 'account_not_found', source: REFERENCE },
    { means: 'account_not_found', source: REFERENCE },
  ],
  PasswordPolicyViolation: only(
    passwordPolicyVerdict,
    `${REFERENCE}; public logs of CreateLoginProfile ("Password should meet 1 more of …")`,
  ),
  ServiceFailure: only('upstream_failed'),
  // Errors common to all actions whose text or fields decide.
  AccessDenied: ACCESS_DENIED,
  AccessDeniedException: ACCESS_DENIED,
  AuthFailure: only(UNKNOWN_KEY, 'Amazon EC2 API reference, "Error codes"'),
  InvalidAccessKeyId: only(UNKNOWN_KEY, 'Amazon S3 API reference, "Error responses"'),
  InvalidClientTokenId: only(UNKNOWN_KEY, UNKNOWN_KEY_SOURCE),
  UnrecognizedClientException: only(UNKNOWN_KEY, COMMON),
  InvalidSignatureException: SIGNATURE,
  SignatureDoesNotMatch: SIGNATURE,
  InvalidInput: FIELDS,
  InvalidParameterException: FIELDS,
  InvalidParameterValue: FIELDS,
  MissingParameter: FIELDS,
  ValidationError: FIELDS,
  ValidationException: FIELDS,
};
