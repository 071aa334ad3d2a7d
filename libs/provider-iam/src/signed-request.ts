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
