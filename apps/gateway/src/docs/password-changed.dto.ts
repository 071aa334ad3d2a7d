import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import type { ProviderName } from '@password-gateway/errors';

/** Answer of a change that AWS confirmed. */
@ApiSchema({ name: 'PasswordChanged' })
export class PasswordChangedDto {
  @ApiProperty({ description: 'The password was changed.', enum: ['changed'], example: 'changed' })
  readonly status!: 'changed';

  @ApiProperty({ description: 'Who keeps the password.', enum: ['cognito', 'iam'], example: 'cognito' })
  readonly provider!: ProviderName;

  @ApiProperty({
    description: 'Id of this request, as in the header X-Request-Id.',
    example: '0b7f3f52-6a0e-4a53-a1b0-5c4bd1f0a4f1',
  })
  readonly requestId!: string;

  @ApiPropertyOptional({
    description: "AWS's id of its call, for AWS support; absent when AWS sent none.",
    example: '1c9a5b1e-3c2f-4f2e-9c0d-2c9f3a7e8b11',
  })
  readonly upstreamRequestId?: string;
}
