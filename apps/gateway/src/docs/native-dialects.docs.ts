/** Request bodies of AWS's own dialects, by media type. */
export const NATIVE_BODIES = {
  'application/x-amz-json-1.1': {
    schema: {
      type: 'object' as const,
      description:
        'The native Cognito call, with `X-Amz-Target`; also as `application/json` with a non-empty `X-Amz-Target`.',
      additionalProperties: false,
      required: ['AccessToken', 'ProposedPassword'],
      properties: {
        AccessToken: { type: 'string' as const, format: 'password' },
        PreviousPassword: { type: 'string' as const, format: 'password' },
        ProposedPassword: { type: 'string' as const, format: 'password' },
      },
    },
  },
  'application/x-www-form-urlencoded': {
    schema: {
      type: 'object' as const,
      description: 'The native IAM call, relayed byte for byte as it was signed for the host of IAM.',
      additionalProperties: false,
      required: ['Action', 'Version', 'OldPassword', 'NewPassword'],
      properties: {
        Action: { type: 'string' as const, enum: ['ChangePassword'] },
        Version: { type: 'string' as const, enum: ['2010-05-08'] },
        OldPassword: { type: 'string' as const, format: 'password' },
        NewPassword: { type: 'string' as const, format: 'password' },
      },
    },
  },
};

/** Successes in AWS's own dialects, by media type. */
export const NATIVE_SUCCESSES = {
  'application/x-amz-json-1.1': { schema: { type: 'object' as const, maxProperties: 0 } },
  'text/xml': {
    schema: { type: 'string' as const, description: '`ChangePasswordResponse` of the IAM API.' },
  },
};

const IAM_FAILURE = {
  'text/xml': {
    schema: {
      type: 'string' as const,
      description: '`ErrorResponse` of the IAM API; the problem code is in `X-Problem-Code`.',
    },
  },
};

const COGNITO_FAILURE = {
  'application/x-amz-json-1.1': {
    schema: {
      type: 'object' as const,
      description: 'The closest exception of Cognito; the problem code is in `X-Problem-Code`.',
      required: ['__type', 'message'],
      properties: { __type: { type: 'string' as const }, message: { type: 'string' as const } },
    },
  },
};

/** Statuses of IAM's failures beside 400; Cognito's all have 400. */
const IAM_STATUSES: ReadonlySet<number> = new Set([403, 404, 409]);

/**
 * Failures of this status in AWS's own dialects, by media type: none is above 499, so that no SDK repeats a call whose
 * outcome is unknown.
 */
export function nativeFailures(status: number): object {
  if (status === 400) return { ...COGNITO_FAILURE, ...IAM_FAILURE };
  return IAM_STATUSES.has(status) ? IAM_FAILURE : {};
}
