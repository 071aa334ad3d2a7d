import type { FieldError, ProviderName } from '@password-gateway/errors';
import { invalidChangeError, passwordChangeViolations } from '@password-gateway/validators';

/** A body whose fields keep the rules of the provider. */
export type CheckedChange<Provider extends ProviderName> = Provider extends 'iam'
  ? { readonly currentPassword: string; readonly newPassword: string }
  : { readonly currentPassword?: string; readonly newPassword: string };

/**
 * Checks the body against the rules of a provider, all fields together.
 *
 * @param provider whose rules bind
 * @param body the parsed JSON object
 * @throws PasswordChangeError `request_invalid` with every broken rule, or the special code where one rule alone is broken
 */
export function checkChange<Provider extends ProviderName>(
  provider: Provider,
  body: Readonly<Record<string, unknown>>,
): CheckedChange<Provider> {
  const { currentPassword, newPassword, ...unknown } = body;
  const pointers = new Set(Object.keys(unknown).map(unknownPointer));
  const errors = [
    ...passwordChangeViolations(provider, { currentPassword, newPassword }),
    ...[...pointers].map(unknownField),
  ];
  if (errors.length > 0) throw invalidChangeError(provider, errors);
  return { currentPassword, newPassword } as CheckedChange<Provider>;
}

function unknownPointer(name: string): string {
  return TELLING_NAMES.has(name) ? `/${name}` : '';
}

function unknownField(pointer: string): FieldError {
  const detail = 'Unknown field: only currentPassword and newPassword are known.';
  return { pointer, code: 'unknown_field', detail };
}

/** Names that are mistaken for ours. Any other is not shown, it might be a misplaced password: all others are one error. */
const TELLING_NAMES = new Set([
  'AccessToken',
  'Action',
  'NewPassword',
  'OldPassword',
  'PreviousPassword',
  'ProposedPassword',
  'UserName',
  'Username',
  'Version',
  'action',
  'accessToken',
  'oldPassword',
  'password',
  'userName',
  'username',
]);
