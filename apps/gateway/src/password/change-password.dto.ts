import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import type { FieldError, FieldErrorCode, ProviderName } from '@password-gateway/errors';
import { invalidChangeError } from '@password-gateway/validators';
import {
  DiffersFrom,
  IsCognitoPassword,
  IsIamPassword,
  IsPresent,
} from '@password-gateway/validators/decorators';
import { ValidateIf, type ValidationError, validateSync } from 'class-validator';

const COGNITO: { groups: ProviderName[] } = { groups: ['cognito'] };
const IAM: { groups: ProviderName[] } = { groups: ['iam'] };
const BOTH: { groups: ProviderName[] } = { groups: ['cognito', 'iam'] };

/** Body of `POST /password/change`. The provider, which the credential picks, decides which rules bind. */
@ApiSchema({ name: 'PasswordChange' })
export class ChangePasswordDto {
  @ApiPropertyOptional({
    description:
      'The current password. IAM: required; 1 to 128 characters, each a tab, a line feed, a carriage return or one of U+0020 to U+00FF. ' +
      'Cognito: left out only by a passwordless user who sets a first password; 1 to 256 characters, no white space at either end.',
    minLength: 1,
    maxLength: 256,
    format: 'password',
    example: 'Correct-Horse-1',
  })
  @ValidateIf((body: ChangePasswordDto) => body.currentPassword !== undefined, COGNITO)
  @IsCognitoPassword(COGNITO)
  @IsPresent(IAM)
  @IsIamPassword(IAM)
  readonly currentPassword?: string;

  @ApiProperty({
    description:
      'The new password, different from the current one. The same rules as for the current password; the password policy of the user pool or account comes on top.',
    minLength: 1,
    maxLength: 256,
    format: 'password',
    example: 'Battery-Staple-2',
  })
  @IsPresent(BOTH)
  @IsCognitoPassword(COGNITO)
  @IsIamPassword(IAM)
  @DiffersFrom('currentPassword', BOTH)
  readonly newPassword!: string;
}

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
  const change = Object.assign(new ChangePasswordDto(), { currentPassword, newPassword });
  const broken = validateSync(change, {
    groups: [provider],
    validationError: { target: false, value: false },
  });
  // Not by class-validator's whitelist: that takes names such as hasOwnProperty for known ones.
  const pointers = new Set(Object.keys(unknown).map(unknownPointer));
  const errors = [...broken.flatMap(fieldErrors), ...[...pointers].map(unknownField)];
  if (errors.length > 0) throw invalidChangeError(provider, errors);
  return change as CheckedChange<Provider>;
}

function fieldErrors({ property, constraints = {} }: ValidationError): FieldError[] {
  const missing = 'required' in constraints;
  return Object.entries(constraints)
    .filter(([code]) => !missing || code === 'required')
    .map(([code, detail]) => ({ pointer: `/${property}`, code: code as FieldErrorCode, detail }));
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
