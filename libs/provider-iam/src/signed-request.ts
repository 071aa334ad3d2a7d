/**
 * A native IAM request, as an AWS client signed it: its body is relayed byte for byte, with every header that was signed.
 */
export interface SignedIamForm {
  /** The form, ASCII as percent-encoding leaves it. */
  readonly body: string;
  /**
   * Headers that were sent, names in lower case, printable ASCII: those of {@link RELAYED_HEADERS}, and every other one that
   * was signed and that {@link isRelayable} lets pass. A `content-length` is that of the body.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** `Host` as it came: the gateway's own, or that of AWS IAM when the client took the gateway for its proxy. */
  readonly host: string | undefined;
  /** `User-Agent` as it came; it goes to AWS behind ours, or unchanged where it was signed. */
  readonly userAgent?: string | undefined;
}

/** Headers that AWS's own clients send, and mostly sign, beside those that carry the signature. */
export const RELAYED_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'amz-sdk-invocation-id',
  'amz-sdk-request',
  'content-length',
  'content-type',
  'x-amz-user-agent',
]);

/**
 * The headers that carry the caller's signature of an IAM ChangePassword request: what {@link signIamPasswordChange}
 * makes, what goes to the gateway, and what is relayed.
 */
export interface SignedIamRequest {
  /** `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`. */
  readonly Authorization: string;
  /** Time of signing, `YYYYMMDD'T'HHMMSS'Z'` in UTC. */
  readonly 'X-Amz-Date': string;
  /** With temporary credentials only. */
  readonly 'X-Amz-Security-Token'?: string;
  /** Optional: SHA-256 of the signed body, 64 lower-case hexadecimal digits. */
  readonly 'X-Amz-Content-Sha256'?: string;
  /**
   * The `Host` that was signed, where it is not the partition's usual one: another host of its IAM, such as
   * `iam-fips.amazonaws.com` or `iam.global.api.aws`. Not for a form, which has a `Host` of its own.
   */
  readonly 'X-Signed-Host'?: string;
  /**
   * The `Content-Type` that was signed, where it is not `application/x-www-form-urlencoded; charset=utf-8`: the same
   * without charset. Not for a form, which has a type of its own.
   */
  readonly 'X-Signed-Content-Type'?: string;
}

/**
 * Headers that a form never carries to AWS: they belong to one connection, carry another credential or the address, or could
 * make AWS read another request.
 *
 * Source: RFC 9110, 7.6.1 (connection-specific fields).
 */
const NEVER_RELAYED: ReadonlySet<string> = new Set([
  'authorization',
  'connection',
  'content-encoding',
  'content-range',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
]);

/**
 * Whether a header that an AWS client signed may go to AWS as it came.
 *
 * @param name - in lower case
 */
export function isRelayable(name: string): boolean {
  // What else AWS reads by such a name could change what the request means.
  if (name.startsWith('x-amz-') && !RELAYED_HEADERS.has(name)) return false;
  return /^[!#$%&'*+.^_`|~\da-z-]+$/.test(name) && !NEVER_RELAYED.has(name);
}
