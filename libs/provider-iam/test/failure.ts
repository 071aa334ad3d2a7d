import { PasswordChangeError } from '@password-gateway/errors';

/** The typed error of a call that must fail. */
export async function failureOf(work: Promise<unknown>): Promise<PasswordChangeError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof PasswordChangeError) return error;
    throw error;
  }
  throw new Error('the call succeeded');
}
