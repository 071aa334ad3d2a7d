import { PasswordChangeError } from '@password-gateway/errors';

import type { IamPasswords } from './upstream-body.js';

/** The whole of the form; AWS would take others, and some of them would mean another operation. */
const PARAMETERS = ['Action', 'Version', 'OldPassword', 'NewPassword'] as const;

/** What some client leaves as it is, and what every one encodes: the rest could be read in one way here and in another by AWS. */
const ENCODED = /^(?:[\w.~!*'()+-]|%[\da-f]{2})*$/i;

/**
 * Reads the body of a native IAM ChangePassword request: exactly four parameters, each once.
 *
 * Source: AWS IAM API reference, ChangePassword. A space may be `+` (botocore) or `%20` (AWS SDK for JavaScript).
 *
 * @param body - the bytes as they were signed, one character each
 * @throws PasswordChangeError `request_malformed`
 */
export function readChangePasswordForm(body: string): IamPasswords {
  const values = new Map<string, string>();
  for (const part of body.split('&')) {
    const separator = part.indexOf('=');
    const name = separator < 0 ? part : part.slice(0, separator);
    if (!(PARAMETERS as readonly string[]).includes(name) || separator < 0) {
      throw malformed(`The form may hold only ${PARAMETERS.join(', ')}.`);
    }
    if (values.has(name)) throw malformed(`The form holds ${name} more than once.`);
    values.set(name, decode(part.slice(separator + 1)));
  }
  for (const name of PARAMETERS) if (!values.has(name)) throw malformed(`The form must hold ${name}.`);
  const form = Object.fromEntries(values) as Record<(typeof PARAMETERS)[number], string>;
  if (form.Action !== 'ChangePassword' || form.Version !== '2010-05-08') {
    throw malformed('The only Action is ChangePassword, of Version 2010-05-08.');
  }
  return { currentPassword: form.OldPassword, newPassword: form.NewPassword };
}

function decode(value: string): string {
  if (!ENCODED.test(value)) throw malformed('The form holds characters that are not percent-encoded.');
  try {
    return decodeURIComponent(value.replaceAll('+', '%20'));
  } catch {
    throw malformed('The form holds an encoding that is not UTF-8.');
  }
}

function malformed(detail: string): PasswordChangeError {
  return new PasswordChangeError('request_malformed', { provider: 'iam', detail });
}
