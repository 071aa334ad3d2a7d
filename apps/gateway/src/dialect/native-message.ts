import type { PasswordChangeError } from '@password-gateway/errors';

/** AWS's names of our fields, by the pointer to them. */
export type MemberNames = Readonly<Record<string, string>>;

/**
 * The message of a failure in an answer that has no place for its field errors: they come behind it.
 *
 * @param error the failure
 * @param names AWS's names of the fields
 */
export function nativeMessage(error: PasswordChangeError, names: MemberNames): string {
  const fields = error.errors.map(({ pointer, detail }) => {
    const name = names[pointer];
    return name === undefined ? detail : `${name}: ${detail}`;
  });
  return [error.message, ...fields].join(' ');
}
