/** The parts of a header-form AWS Signature Version 4 `Authorization` value. */
export interface SigV4Authorization {
  /** Who claims to have signed. */
  readonly accessKeyId: string;
  /** Day of the credential scope, `YYYYMMDD`. */
  readonly date: string;
  /** Region of the credential scope. */
  readonly region: string;
  /** Service of the credential scope, for instance `iam`. */
  readonly service: string;
  /** Last part of the credential scope; `aws4_request` when well-formed. */
  readonly terminator: string;
  /** Header names as signed, in the order sent. */
  readonly signedHeaders: readonly string[];
  /** 64 lower-case hexadecimal digits. */
  readonly signature: string;
}

/** The only signing algorithm that is accepted. SigV4a (`AWS4-ECDSA-P256-SHA256`) is not. */
export const SIGV4_ALGORITHM = 'AWS4-HMAC-SHA256';

// One anchored expression per part, so that nothing may stand before, between or after the three parts.
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 +Credential=(?<credential>[^\s,=]+), ?SignedHeaders=(?<signedHeaders>[^\s,=]+), ?Signature=(?<signature>[^\s,=]+)$/;
const CREDENTIAL =
  /^(?<accessKeyId>\w{16,128})\/(?<date>\d{8})\/(?<region>[a-z0-9-]{1,32})\/(?<service>[a-z0-9-]{1,32})\/(?<terminator>[a-z0-9_]{1,32})$/;
const HEADER_NAME = /^[A-Za-z0-9-]{1,64}$/;
const SIGNATURE = /^[0-9a-f]{64}$/;

/**
 * Reads a SigV4 `Authorization` header by an anchored grammar.
 *
 * Source: AWS IAM User Guide, "Create a signed AWS API request", Authorization header. The space after a comma is
 * optional; the three parts come in the documented order.
 *
 * @param value - the header value
 * @returns the parts, or a sentence that says what is wrong (it never holds the value)
 */
export function parseSigV4Authorization(value: string): SigV4Authorization | string {
  const parts = groups<'credential' | 'signedHeaders' | 'signature'>(AUTHORIZATION, value);
  if (parts === undefined) {
    return value.startsWith(`${SIGV4_ALGORITHM} `)
      ? 'The Authorization header must read: AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…, each part once and in this order.'
      : 'The only signing algorithm accepted is AWS4-HMAC-SHA256.';
  }
  const credential = groups<'accessKeyId' | 'date' | 'region' | 'service' | 'terminator'>(
    CREDENTIAL,
    parts.credential,
  );
  if (credential === undefined) {
    return 'Credential must read: access key id (16 to 128 letters, digits or _) / YYYYMMDD / region / service / aws4_request.';
  }
  const signedHeaders = parts.signedHeaders.split(';');
  if (!signedHeaders.every((name) => HEADER_NAME.test(name))) {
    return 'SignedHeaders must be header names separated by semicolons.';
  }
  if (!SIGNATURE.test(parts.signature)) return 'Signature must be 64 lower-case hexadecimal digits.';
  return { ...credential, signedHeaders, signature: parts.signature };
}

/** The named groups of an expression in which none is optional. */
function groups<Name extends string>(
  expression: RegExp,
  text: string,
): Readonly<Record<Name, string>> | undefined {
  return expression.exec(text)?.groups as Record<Name, string> | undefined;
}
