import { errorFrom, type AwsError, type ErrorTable } from '../aws-error.js';
import { COMMON_ERRORS } from '../common-errors.js';

/**
 * The 13 exceptions that Cognito declares for ChangePassword, then the common errors. Texts that AWS was never seen
 * to send are plain sentences of the sandbox: a client must not read meaning into them.
 */
export const COGNITO_ERRORS = {
  ...COMMON_ERRORS,
  // The reference says 400; the firewall in front of the service was seen to answer 403.
  ForbiddenException: { status: 403, message: 'Request not allowed due to WAF block.' },
  InternalErrorException: { status: 500, message: 'Something went wrong' },
  InvalidParameterException: { status: 400, message: 'Invalid parameter' },
  InvalidPasswordException: {
    status: 400,
    message: 'Password did not conform with policy: Password not long enough',
  },
  LimitExceededException: {
    status: 400,
    message: 'Attempt limit exceeded, please try after some time.',
  },
  NotAuthorizedException: { status: 400, message: 'Incorrect username or password.' },
  OperationNotEnabledException: { status: 400, message: 'Operation is not enabled for this user pool.' },
  PasswordHistoryPolicyViolationException: {
    status: 400,
    message: 'Password has been used before and cannot be used again.',
  },
  PasswordResetRequiredException: { status: 400, message: 'Password reset required for the user' },
  ResourceNotFoundException: { status: 400, message: 'User pool does not exist.' },
  TooManyRequestsException: { status: 400, message: 'Too many requests' },
  UserNotConfirmedException: { status: 400, message: 'User is not confirmed.' },
  UserNotFoundException: { status: 400, message: 'User does not exist.' },
} as const satisfies ErrorTable;

/** A Cognito error with AWS's own status and text unless others are given. */
export function cognitoError(code: keyof typeof COGNITO_ERRORS, message?: string): AwsError {
  return errorFrom(COGNITO_ERRORS, code, message);
}
