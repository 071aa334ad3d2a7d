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
import { PasswordChangeError, PROBLEM_CODES, type ProblemCode, PROBLEMS } from '@password-gateway/errors';
import { STATUS_CODES } from 'node:http';

import { ChangePasswordDto } from '../password/change-password.dto.js';
import { PasswordChangedDto } from '../password/password-changed.dto.js';
import { PROBLEM_TYPE, problemBody } from '../problem/problem.js';
import { NATIVE_BODIES, NATIVE_SUCCESSES, nativeFailures } from './native-dialects.docs.js';
import { ProblemDto } from './problem.dto.js';

/** Names of the two security schemes of the OpenAPI document. */
export const SECURITY = { cognito: 'cognitoAccessToken', iam: 'iamSignature' } as const;

const DESCRIPTION = `Changes the password of **the caller**. The credential picks the provider:

- \`Authorization: Bearer <access token>\`: the Amazon Cognito user who owns the token. The token needs the scope \`aws.cognito.signin.user.admin\`.
- \`Authorization: AWS4-HMAC-SHA256 …\` with \`X-Amz-Date\` (and \`X-Amz-Security-Token\` with temporary keys): the AWS IAM user who signed. The caller signs the real IAM request, \`POST / \` of \`iam.amazonaws.com\` with the body \`Action=ChangePassword&Version=2010-05-08&OldPassword=…&NewPassword=…\`; the gateway rebuilds these bytes from the JSON fields and relays them with the caller's signature. No secret key leaves the caller.

AWS's own clients may call the same route in their native dialects, by content type: the Amazon Cognito call (\`application/x-amz-json-1.1\`, the access token in the body, no \`Authorization\`) and the IAM call (\`application/x-www-form-urlencoded\`, signed). They are answered in the native form, failures as the closest exception that the client knows, with the problem code in \`X-Problem-Code\` and never with a status that an SDK repeats on its own.

Every failure says in \`outcome\` whether the password is \`unchanged\` or its state is \`unknown\`. Changing a password is not idempotent: after \`unknown\`, sign in with the new password to find out.`;

const HEADERS = {
  'X-Request-Id': { description: 'Id of this request.', schema: { type: 'string' as const } },
  'Idempotency-Replayed': {
    description: '`true` when this is the first answer to the same request, given again.',
    schema: { type: 'string' as const },
  },
  RateLimit: { description: 'What is left of the limit that applies.', schema: { type: 'string' as const } },
  'RateLimit-Policy': { description: 'The limit that applies.', schema: { type: 'string' as const } },
};

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
      name: 'X-Amz-Date',
      required: false,
      description: 'IAM only: time of signing, `YYYYMMDDTHHMMSSZ`, at most 5 minutes from now.',
      schema: { type: 'string', pattern: '^\\d{8}T\\d{6}Z$' },
    }),
    ApiHeader({
      name: 'X-Amz-Security-Token',
      required: false,
      description: 'IAM with temporary credentials only: the session token, also signed.',
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
    ApiOkResponse({
      description: 'AWS confirmed the change.',
      headers: HEADERS,
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
      description: `${STATUS_CODES[status] ?? 'Failure'}: ${codes.map((code) => `\`${code}\``).join(', ')}`,
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
  const requestId = '0b7f3f52-6a0e-4a53-a1b0-5c4bd1f0a4f1';
  return { summary: PROBLEMS[code].title, value: problemBody(new PasswordChangeError(code), requestId, '') };
}
