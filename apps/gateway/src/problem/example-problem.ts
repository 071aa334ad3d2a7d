import {
  INCORRECT_PASSWORD,
  PasswordChangeError,
  type FieldError,
  type ProblemCode,
  problemDefinition,
  type ProviderName,
  USED_BEFORE,
} from '@password-gateway/errors';

import { type Problem, problemBody } from './problem.js';

const REQUEST_ID = '0b7f3f52-6a0e-4a53-a1b0-5c4bd1f0a4f1';
const UPSTREAM_REQUEST_ID = '1c9a5b1e-3c2f-4f2e-9c0d-2c9f3a7e8b11';
const SERVICES: Readonly<Record<ProviderName, string>> = { cognito: 'cognito-idp', iam: 'iam' };

/** Problems that AWS knows too, and that the gateway most often finds before it asks AWS. */
const FOUND_HERE: ReadonlySet<ProblemCode> = new Set([
  'credential_expired',
  'credential_malformed',
  'credential_missing',
  'request_invalid',
  'request_malformed',
  'request_timeout',
  'request_too_large',
]);

/** Problems whose text only repeats what the name says. */
const CERTAIN: ReadonlySet<ProblemCode> = new Set(['signature_mismatch']);

/** Broken rules, for the problems that name them. */
const ERRORS: Readonly<Partial<Record<ProblemCode, readonly FieldError[]>>> = {
  request_invalid: [
    { pointer: '/currentPassword', code: 'required', detail: 'Is required.' },
    { pointer: '/newPassword', code: 'too_short', detail: 'Must have at least 1 character.' },
  ],
  current_password_incorrect: [INCORRECT_PASSWORD],
  current_password_required: [
    { pointer: '/currentPassword', code: 'required', detail: 'The user has a password.' },
  ],
  new_password_rejected: [
    { pointer: '/newPassword', code: 'uppercase_missing', detail: 'Must have an upper-case letter.' },
  ],
  new_password_reused: [USED_BEFORE],
};

/**
 * A whole answer with this problem, as the documentation shows it.
 *
 * @param code what went wrong
 * @param publicUrl where callers see the gateway; empty makes links relative
 */
export function exampleProblem(code: ProblemCode, publicUrl: string): Problem {
  const upstream = FOUND_HERE.has(code) ? {} : (problemDefinition(code).upstream ?? {});
  const [provider] = Object.keys(upstream) as ProviderName[];
  const [name, text] = provider === undefined ? [] : (upstream[provider]?.[0] ?? '').split(': ');
  const error = new PasswordChangeError(code, {
    confidence: text === undefined || CERTAIN.has(code) ? 'exact' : 'inferred',
    ...(ERRORS[code] && { errors: ERRORS[code] }),
    ...(provider && {
      provider,
      upstream: {
        service: SERVICES[provider],
        ...(name !== undefined && { error: name }),
        requestId: UPSTREAM_REQUEST_ID,
      },
    }),
  });
  return problemBody(error, REQUEST_ID, publicUrl);
}
