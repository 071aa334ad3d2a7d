import { PasswordChangeError, type ProblemCode } from '@password-gateway/errors';
import { RELAYED_HEADERS } from '@password-gateway/provider-iam';

/** Headers that carry the credential: a second one is a second credential. */
const CREDENTIAL_HEADERS = new Set([
  'authorization',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
  'x-amz-target',
  'x-signed-host',
  'x-signed-content-type',
]);

/** Other headers whose meaning would depend on who reads them first if they came twice. */
const SINGLE_HEADERS = new Set([
  'content-type',
  'content-length',
  'host',
  'idempotency-key',
  'transfer-encoding',
]);

/** Whether a header is read here or goes on to AWS; `Accept` and some others of these are relayed only in a form. */
function isUsed(name: string): boolean {
  return (
    CREDENTIAL_HEADERS.has(name) ||
    SINGLE_HEADERS.has(name) ||
    OTHERS_READ.has(name) ||
    RELAYED_HEADERS.has(name)
  );
}

/** Headers that may come more than once and decide something here. */
const OTHERS_READ = new Set([
  'access-control-request-headers',
  'access-control-request-method',
  'connection',
  'content-encoding',
  'expect',
  'origin',
  'sec-fetch-site',
  'x-forwarded-for',
]);

const VALUE = /^[\t\x20-\x7e]*$/;

/**
 * Bytes above ASCII are valid in a header, though nothing says which characters they are: proxies add some, such as the
 * name of a city. Source: RFC 9110, 5.5.
 */
const UNUSED_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Refuses headers that two readers could read in two ways. Works on the raw list, because Node keeps the first of some
 * repeated headers and joins others, silently. A header that nobody reads refuses nobody.
 *
 * @param rawHeaders name, value, name, value, … as they arrived
 * @throws PasswordChangeError `credential_malformed` or `request_malformed`
 */
export function checkRawHeaders(rawHeaders: readonly string[]): void {
  const seen = new Set<string>();
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = (rawHeaders[index] ?? '').toLowerCase();
    if (!(isUsed(name) ? VALUE : UNUSED_VALUE).test(rawHeaders[index + 1] ?? '')) {
      throw new PasswordChangeError('request_malformed', {
        detail: isUsed(name)
          ? `The header ${name} holds characters other than visible ASCII.`
          : 'A header holds control characters.',
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
