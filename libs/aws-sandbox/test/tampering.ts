import type { SigV4Request } from '../src/sigv4/index.js';

/** One change to a signed request, and the words with which AWS refuses it. */
export interface Tampering {
  readonly name: string;
  readonly change: (request: SigV4Request) => SigV4Request;
  readonly code: string;
  readonly message: RegExp;
}

const MISMATCH = {
  code: 'SignatureDoesNotMatch',
  message: /^The request signature we calculated does not match/,
};

/** Changes that every verifier must notice, whoever signed. The request must be a POST of IAM's ChangePassword. */
export const TAMPERINGS: readonly Tampering[] = [
  { name: 'a body byte changed', change: (r) => ({ ...r, body: flipBit(r.body, 0) }), ...MISMATCH },
  {
    name: 'a body byte added',
    change: (r) => ({ ...r, body: Buffer.concat([r.body, Buffer.from('&')]) }),
    ...MISMATCH,
  },
  { name: 'the body taken away', change: (r) => ({ ...r, body: new Uint8Array() }), ...MISMATCH },
  { name: 'another method', change: (r) => ({ ...r, method: 'PUT' }), ...MISMATCH },
  { name: 'another path', change: (r) => ({ ...r, target: '/users' }), ...MISMATCH },
  { name: 'a query added', change: (r) => ({ ...r, target: `${r.target}?Action=DeleteUser` }), ...MISMATCH },
  { name: 'another host', change: (r) => withHeader(r, 'host', () => 'iam.example.com'), ...MISMATCH },
  {
    name: 'another content type',
    change: (r) => withHeader(r, 'content-type', () => 'text/plain'),
    ...MISMATCH,
  },
  { name: 'a signed header taken away', change: (r) => withoutHeader(r, 'content-type'), ...MISMATCH },
  {
    name: 'a signed header sent twice',
    change: (r) => ({ ...r, headers: [...r.headers, ['Content-Type', 'text/plain']] }),
    ...MISMATCH,
  },
  {
    name: 'the date one second later',
    change: (r) =>
      withHeader(r, 'x-amz-date', (date) => date.replace(/\d\dZ$/, (end) => (end === '00Z' ? '01Z' : '00Z'))),
    ...MISMATCH,
  },
  {
    name: 'the signature changed',
    change: (r) => inAuthorization(r, /.$/, (end) => (end === '0' ? '1' : '0')),
    ...MISMATCH,
  },
  { name: 'the signature cut short', change: (r) => inAuthorization(r, /.$/, () => ''), ...MISMATCH },
  {
    name: 'the signature in upper case',
    change: (r) => inAuthorization(r, /[0-9a-f]{64}$/, (s) => s.toUpperCase()),
    ...MISMATCH,
  },
  {
    name: 'a signed header no longer listed',
    change: (r) => inAuthorization(r, /content-type;/, () => ''),
    ...MISMATCH,
  },
  {
    name: 'a scope of another day',
    change: (r) => inAuthorization(r, /\/\d{8}\//, () => '/20010101/'),
    code: 'SignatureDoesNotMatch',
    message: /^Date in Credential scope does not match YYYYMMDD/,
  },
  {
    name: 'a scope of another region',
    change: (r) => inAuthorization(r, /\/us-east-1\//, () => '/eu-west-1/'),
    code: 'SignatureDoesNotMatch',
    message: /^Credential should be scoped to a valid Region, not 'eu-west-1'\. $/,
  },
  {
    name: 'a scope of another service',
    change: (r) => inAuthorization(r, /\/iam\//, () => '/sts/'),
    code: 'SignatureDoesNotMatch',
    message: /^Credential should be scoped to correct service: 'iam'\. $/,
  },
  {
    name: 'another access key id',
    change: (r) => inAuthorization(r, /Credential=\w/, () => 'Credential=X'),
    code: 'InvalidClientTokenId',
    message: /^The security token included in the request is invalid$/,
  },
];

/** The request with the value of one header changed. */
export function withHeader(
  request: SigV4Request,
  lowerCaseName: string,
  change: (value: string) => string,
): SigV4Request {
  const headers = request.headers.map(([name, value]) =>
    name.toLowerCase() === lowerCaseName ? ([name, change(value)] as const) : ([name, value] as const),
  );
  return { ...request, headers };
}

/** The request without one header. */
export function withoutHeader(request: SigV4Request, lowerCaseName: string): SigV4Request {
  return { ...request, headers: request.headers.filter(([name]) => name.toLowerCase() !== lowerCaseName) };
}

/** The bytes with their `bit`th bit flipped. */
export function flipBit(bytes: Uint8Array, bit: number): Uint8Array {
  return bytes.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
}

function inAuthorization(
  request: SigV4Request,
  part: RegExp,
  change: (matched: string) => string,
): SigV4Request {
  return withHeader(request, 'authorization', (value) => value.replace(part, change));
}
