// Decides, without the gateway's own code, whether a request may cause an upstream call: its credential must be
// well-formed and, for a token, verify.
import { Buffer, isUtf8 } from 'node:buffer';
import { verify } from 'node:crypto';

const SINGLE = new Set([
  'authorization',
  'x-amz-date',
  'x-amz-security-token',
  'x-amz-content-sha256',
  'x-amz-target',
  'content-type',
  'content-length',
  'transfer-encoding',
  'host',
  'idempotency-key',
]);
const SIGNABLE = ['content-type', 'host', 'x-amz-content-sha256', 'x-amz-date', 'x-amz-security-token'];
const SIGV4 =
  /^AWS4-HMAC-SHA256 +Credential=(\w{16,128})\/(\d{8})\/us-east-1\/iam\/aws4_request, ?SignedHeaders=([a-z0-9-]+(?:;[a-z0-9-]+)*), ?Signature=[0-9a-f]{64}$/;
const AMZ_DATE = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;
/** Five minutes, and some seconds between this look and the gateway's. */
const MAX_SKEW_MS = 910_000;
const SCOPE = 'aws.cognito.signin.user.admin';

/**
 * The credential that may reach AWS.
 *
 * @param headers name and value pairs as sent, the values without white space around them
 * @param pool issuer and public key of the allowed pool
 * @returns the token, or the `Authorization` value, or undefined when nothing may reach AWS
 */
export function usableCredential(headers, pool) {
  const sent = new Map();
  for (const [rawName, value] of headers) {
    const name = rawName.toLowerCase();
    // Bytes above ASCII, as proxies add them, are nobody's fault where nobody reads the header.
    if (!(SINGLE.has(name) ? /^[\t\x20-\x7e]*$/ : /^[\t\x20-\x7e\x80-\xff]*$/).test(value)) return undefined;
    if (SINGLE.has(name) && sent.has(name)) return undefined;
    sent.set(name, value);
  }
  const authorization = sent.get('authorization') ?? '';
  const [, token] = /^bearer +([A-Za-z0-9\-_=.]{1,8192})$/i.exec(authorization) ?? [];
  if (token !== undefined) {
    const two = sent.has('x-amz-date') || sent.has('x-amz-security-token');
    return !two && verifies(token, pool) ? token : undefined;
  }
  return isSigned(authorization, sent) ? authorization : undefined;
}

function verifies(token, { issuer, publicKey }) {
  const [header = '', payload = '', signature = '', ...more] = token.split('.');
  if (more.length > 0 || signature === '') return false;
  try {
    const { alg } = JSON.parse(decode(header));
    const { iss, token_use: use, exp, scope } = JSON.parse(decode(payload));
    return (
      alg === 'RS256' &&
      iss === issuer &&
      use === 'access' &&
      exp * 1000 > Date.now() &&
      String(scope).split(' ').includes(SCOPE) &&
      verify(
        'RSA-SHA256',
        Buffer.from(`${header}.${payload}`),
        publicKey,
        Buffer.from(signature, 'base64url'),
      )
    );
  } catch {
    return false;
  }
}

function decode(part) {
  return Buffer.from(part, 'base64url').toString('utf8');
}

function isSigned(authorization, sent) {
  const [, , day, names = ''] = SIGV4.exec(authorization) ?? [];
  const date = sent.get('x-amz-date') ?? '';
  if (day === undefined || !AMZ_DATE.test(date) || !date.startsWith(day)) return false;
  const time = Date.parse(date.replace(AMZ_DATE, '$1-$2-$3T$4:$5:$6Z'));
  if (!(Math.abs(Date.now() - time) <= MAX_SKEW_MS)) return false;
  const signed = names.split(';');
  const ordered = signed.every((name, index) => index === 0 || name > signed[index - 1]);
  return (
    ordered &&
    signed.every((name) => SIGNABLE.includes(name)) &&
    signed.includes('host') &&
    signed.includes('x-amz-date') &&
    signed.includes('x-amz-security-token') === sent.has('x-amz-security-token')
  );
}

const STRING = String.raw`"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"`;
const SPACE = String.raw`[ \t\r\n]*`;
const FIELD = `${SPACE}(${STRING})${SPACE}:${SPACE}(${STRING})${SPACE}`;
const BODY = new RegExp(`^${SPACE}\\{${FIELD}(?:,${FIELD})?\\}${SPACE}$`);

/**
 * The two fields of a body, read by an expression that knows nothing else.
 *
 * @returns null when it is anything but UTF-8 JSON of these fields, each at most once, each a whole string
 */
export function readFields(body) {
  const parts = isUtf8(body) ? BODY.exec(body.toString('utf8')) : null;
  if (parts === null) return null;
  const texts = parts.slice(1).map((part) => (part === undefined ? undefined : JSON.parse(part)));
  const [key, value, otherKey, otherValue] = texts;
  const known = ['currentPassword', 'newPassword'].includes(key) && key !== otherKey;
  const otherKnown = [undefined, 'currentPassword', 'newPassword'].includes(otherKey);
  const whole = value.isWellFormed() && (otherValue ?? '').isWellFormed();
  return known && otherKnown && whole ? { [key]: value, [otherKey]: otherValue } : null;
}

/**
 * The credentials that a stream of bytes may bring to AWS: one per request head in it that a strict reader would accept.
 *
 * @param bytes what was sent over one connection
 */
export function usableCredentialsOf(bytes, pool) {
  const text = Buffer.from(bytes).toString('latin1');
  const found = [];
  // Node's parser takes a request line without a version too.
  for (const { 1: head } of text.matchAll(/POST [^\s?]+(?: HTTP\/\d\.\d)?\r\n((?:[^\r\n]+\r\n)*)\r\n/g)) {
    const headers = [];
    for (const line of head.split('\r\n').slice(0, -1)) {
      const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
      if (name === undefined) break;
      headers.push([name, value]);
    }
    if (headers.length < head.split('\r\n').length - 1) continue;
    const credential = usableCredential(headers, pool);
    if (credential !== undefined) found.push(credential);
  }
  return found;
}
