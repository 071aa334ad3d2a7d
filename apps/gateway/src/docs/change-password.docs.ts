import { applyDecorators } from '@nestjs/common';
import {
  ApiExtraModels,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiResponse,
  ApiSecurity,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import { PROBLEM_CODES, type ProblemCode, PROBLEMS } from '@password-gateway/errors';
import { STATUS_CODES } from 'node:http';

import { ChangePasswordDto } from './change-password.dto.js';
import { PasswordChangedDto } from './password-changed.dto.js';
import { exampleProblem } from '../problem/example-problem.js';
import { PROBLEM_TYPE } from '../problem/problem.js';
import { failureHeaders, SUCCESS_HEADERS } from './answer-headers.docs.js';
import { DESCRIPTION } from './description.docs.js';
import { NATIVE_BODIES, NATIVE_SUCCESSES, nativeFailures } from './native-dialects.docs.js';
import { ProblemDto } from './problem.dto.js';

/** Names of the two security schemes of the OpenAPI document. */
export const SECURITY = { cognito: 'cognitoAccessToken', iam: 'iamSignature' } as const;

/** OpenAPI documentation of the one operation; the failures come from the taxonomy. */
export function ApiChangePassword(): MethodDecorator {
  return applyDecorators(
    ApiTags('Password'),
    ApiOperation({
      operationId: 'changePassword',
      summary: "Change the caller's password",
      description: DESCRIPTION,
      // ApiBody knows one schema for all media types.
      requestBody: {
        required: true,
        content: {
          'application/json': { schema: { $ref: getSchemaPath(ChangePasswordDto) } },
          ...NATIVE_BODIES,
        },
      },
    }),
    ApiSecurity(SECURITY.cognito),
    ApiSecurity(SECURITY.iam),
    // The native Cognito call carries its credential in the body.
    ApiSecurity({}),
    ApiHeader({
      name: 'Idempotency-Key',
      required: false,
      description:
        'Makes a retry safe: the same key with the same request is answered with the first answer, for 24 hours, and AWS is called once.',
      schema: { type: 'string', minLength: 1, maxLength: 257 },
    }),
    ApiHeader({
      name: 'X-Request-Id',
      required: false,
      description: 'Your id of this request; one is made if you send none.',
      schema: { type: 'string', pattern: '^[\\w.-]{1,128}$' },
    }),
    ApiHeader({
      name: 'X-Amz-Date',
      required: false,
      description:
        'IAM only: time of signing, `YYYYMMDDTHHMMSSZ`, at most 15 minutes from now. The page at `/docs` sets it.',
      schema: { type: 'string', pattern: '^\\d{8}T\\d{6}Z$' },
    }),
    ApiHeader({
      name: 'X-Amz-Security-Token',
      required: false,
      description:
        'IAM with temporary credentials only: the session token, also signed. The page at `/docs` sets it.',
      schema: { type: 'string' },
    }),
    ApiHeader({
      name: 'X-Amz-Content-Sha256',
      required: false,
      description: 'IAM only, optional: SHA-256 of the signed body.',
      schema: { type: 'string', pattern: '^[0-9a-f]{64}$' },
    }),
    ApiHeader({
      name: 'X-Amz-Target',
      required: false,
      description:
        'Native Cognito call only: `AWSCognitoIdentityProviderService.ChangePassword`. Empty means the documented JSON.',
      schema: { type: 'string', enum: ['', 'AWSCognitoIdentityProviderService.ChangePassword'] },
    }),
    ApiOkResponse({
      description: 'AWS confirmed the change.',
      headers: SUCCESS_HEADERS,
      content: {
        'application/json': { schema: { $ref: getSchemaPath(PasswordChangedDto) } },
        ...NATIVE_SUCCESSES,
      },
    }),
    ApiExtraModels(ChangePasswordDto, PasswordChangedDto, ProblemDto),
    ...problemResponses(),
  );
}

/** One response per status, with one example per code that has this status. */
function problemResponses(): MethodDecorator[] {
  const byStatus = Map.groupBy(PROBLEM_CODES, (code) => PROBLEMS[code].status);
  return [...byStatus].map(([status, codes]) =>
    ApiResponse({
      status,
      description: `${STATUS_CODES[status] ?? 'Failure'}: ${codes.map((code) => `[${code}](problems/${code})`).join(', ')}`,
      headers: failureHeaders(status, codes),
      content: {
        [PROBLEM_TYPE]: {
          schema: { $ref: getSchemaPath(ProblemDto) },
          examples: Object.fromEntries(codes.map((code) => [code, example(code)])),
        },
        ...nativeFailures(status),
      },
    }),
  );
}

function example(code: ProblemCode) {
  return { summary: PROBLEMS[code].title, value: exampleProblem(code, '') };
}
