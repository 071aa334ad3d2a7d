/**
 * A native IAM request, as an AWS client signed it: its body is relayed byte for byte, with every header that was signed.
 */
export interface SignedIamForm {
  /** The form, ASCII as percent-encoding leaves it. */
  readonly body: string;
  /**
   * Those of {@link RELAYED_HEADERS} that were sent, names in lower case, printable ASCII; a `content-length` is that of
   * the body.
   */
  readonly headers: Readonly<Record<string, string>>;
  /** `Host` as it came: the gateway's own, or that of AWS IAM when the client took the gateway for its proxy. */
  readonly host: string | undefined;
}

/** Headers that AWS's own clients send, and mostly sign, beside those that carry the signature. */
export const RELAYED_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'amz-sdk-invocation-id',
  'amz-sdk-request',
  'content-length',
  'content-type',
  'user-agent',
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
}
