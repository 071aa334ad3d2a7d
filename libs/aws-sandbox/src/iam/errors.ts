import { errorFrom, type AwsError, type ErrorTable } from '../aws-error.js';
import { COMMON_ERRORS } from '../common-errors.js';

/** The 6 errors that IAM declares for ChangePassword (wire names), then the common errors; STS shares the table. */
export const IAM_ERRORS = {
  ...COMMON_ERRORS,
  EntityTemporarilyUnmodifiable: {
    status: 409,
    message: 'Login Profile for User sandbox cannot be modified while login profile is being created.',
  },
  InvalidUserType: { status: 400, message: 'Only IAM Users can change their own password' },
  LimitExceeded: { status: 409, message: 'Cannot exceed quota for this account.' },
  NoSuchEntity: { status: 404, message: 'Login Profile for User sandbox cannot be found.' },
  PasswordPolicyViolation: {
    status: 400,
    message: 'Password does not conform to the account password policy.',
  },
  ServiceFailure: { status: 500, message: 'The request processing has failed because of an unknown error.' },
} as const satisfies ErrorTable;

/** An IAM or STS error with AWS's own status and text unless others are given. */
export function iamError(code: keyof typeof IAM_ERRORS, message?: string): AwsError {
  return errorFrom(IAM_ERRORS, code, message);
}
