import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';

/** Body of `POST /password/change`, as documented. The provider, which the credential picks, decides which rules bind. */
@ApiSchema({ name: 'PasswordChange' })
export class ChangePasswordDto {
  @ApiPropertyOptional({
    description:
      'The current password. IAM: required; 1 to 128 characters, each a tab, a line feed, a carriage return or one of U+0020 to U+00FF. ' +
      'Cognito: left out only by a passwordless user who sets a first password; 2 to 256 characters, no white space at either end and no line break.',
    minLength: 1,
    maxLength: 256,
    format: 'password',
    example: 'Correct-Horse-1',
  })
  readonly currentPassword?: string;

  @ApiProperty({
    description:
      'The new password, different from the current one. The same rules as for the current password; the password policy of the user pool or account comes on top.',
    minLength: 1,
    maxLength: 256,
    format: 'password',
    example: 'Battery-Staple-2',
  })
  readonly newPassword!: string;
}
