import { PasswordChangeError, type ProblemCode } from '@password-gateway/errors';

/** Headers that carry the credential: a second one is a second credential. */
const CREDENTIAL_HEADERS = new Set([
  'authorization',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
  'x-amz-target',
]);

/** Other headers whose meaning would depend on who reads them first if they came twice. */
const SINGLE_HEADERS = new Set([
  'content-type',
  'content-length',
  'host',
  'idempotency-key',
  'transfer-encoding',
]);

const VALUE = /^[\t\x20-\x7e]*$/;

/**
 * Refuses headers that two readers could read in two ways. Works on the raw list, because Node keeps the first of some
 * repeated headers and joins others, silently.
 *
 * @param rawHeaders name, value, name, value, … as they arrived
 * @throws PasswordChangeError `credential_malformed` or `request_malformed`
 */
export function checkRawHeaders(rawHeaders: readonly string[]): void {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (!VALUE.test(rawHeaders[index + 1] ?? '')) {
      throw new PasswordChangeError('request_malformed', {
        detail: 'A header holds characters other than visible ASCII.',
      });
    }
    if (!CREDENTIAL_HEADERS.has(name) && !SINGLE_HEADERS.has(name)) continue;
    if (seen.has(name)) {
      const code: ProblemCode = CREDENTIAL_HEADERS.has(name) ? 'credential_malformed' : 'request_malformed';
      throw new PasswordChangeError(code, { detail: `The header ${name} was sent more than once.` });
    }
    seen.add(name);
  }
  if (!seen.has('host')) {
    throw new PasswordChangeError('request_malformed', { detail: 'The header host is missing.' });
  }
}
