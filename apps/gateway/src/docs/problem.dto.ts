import { ApiProperty, ApiPropertyOptional, ApiSchema } from '@nestjs/swagger';
import { NEXT_STEPS, PROBLEM_CODES } from '@password-gateway/errors';

/** One broken rule, as documented. */
@ApiSchema({ name: 'FieldError' })
export class FieldErrorDto {
  @ApiProperty({
    description: 'JSON pointer (RFC 6901) to the field in the request body.',
    example: '/newPassword',
  })
  readonly pointer!: string;

  @ApiProperty({ description: 'Which rule is broken.', example: 'too_short' })
  readonly code!: string;

  @ApiProperty({ description: 'The rule in words.', example: 'Must have at least 1 character.' })
  readonly detail!: string;
}

/** What AWS said, as documented. */
@ApiSchema({ name: 'Upstream' })
export class UpstreamDto {
  @ApiProperty({ enum: ['cognito-idp', 'iam'], example: 'cognito-idp' })
  readonly service!: string;

  @ApiPropertyOptional({ description: "AWS's error name.", example: 'NotAuthorizedException' })
  readonly error?: string;

  @ApiPropertyOptional({ description: "AWS's request id.", example: '1c9a5b1e-3c2f-4f2e-9c0d-2c9f3a7e8b11' })
  readonly requestId?: string;
}

/** The shape of every failure, as documented. */
@ApiSchema({ name: 'Problem', description: 'Problem details (RFC 9457).' })
export class ProblemDto {
  @ApiProperty({ format: 'uri-reference', example: '/problems/current_password_incorrect' })
  readonly type!: string;

  @ApiProperty({ example: 'The current password is incorrect' })
  readonly title!: string;

  @ApiProperty({ type: 'integer', example: 422 })
  readonly status!: number;

  @ApiProperty({ example: 'AWS says that the current password is not this one.' })
  readonly detail!: string;

  @ApiPropertyOptional({ format: 'uri', example: 'urn:uuid:0b7f3f52-6a0e-4a53-a1b0-5c4bd1f0a4f1' })
  readonly instance?: string;

  @ApiProperty({ enum: PROBLEM_CODES, enumName: 'ProblemCode', description: 'What happened; a closed list.' })
  readonly code!: string;

  @ApiPropertyOptional({ enum: ['cognito', 'iam'] })
  readonly provider?: string;

  @ApiProperty({
    enum: ['unchanged', 'unknown'],
    description:
      'What became of the password. `unknown`: AWS may have changed it; do not repeat the change blindly.',
  })
  readonly outcome!: string;

  @ApiProperty({ description: 'Whether repeating the same request later can succeed.' })
  readonly retryable!: boolean;

  @ApiProperty({
    enum: ['exact', 'inferred'],
    description: "`exact`: AWS's error name alone decided. `inferred`: the text of its message was needed.",
  })
  readonly confidence!: string;

  @ApiProperty({
    enum: Object.keys(NEXT_STEPS),
    enumName: 'NextStep',
    description: 'What to do next; a closed list.',
  })
  readonly next!: string;

  @ApiPropertyOptional({
    type: [FieldErrorDto],
    description: 'Every broken rule of the fields, all together.',
  })
  readonly errors?: FieldErrorDto[];

  @ApiPropertyOptional({ type: UpstreamDto })
  readonly upstream?: UpstreamDto;

  @ApiProperty({ example: '0b7f3f52-6a0e-4a53-a1b0-5c4bd1f0a4f1' })
  readonly requestId!: string;
}
