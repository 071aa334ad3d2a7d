import type { IamPartitionName } from './partitions.js';
import type { SignedIamForm, SignedIamRequest } from './signed-request.js';
import type { CheckedIamRequest } from './signed-request-check.js';

/** A signed request that was checked, together with what was found: only a provider's `check` makes one. */
export class RelayableIamRequest implements CheckedIamRequest {
  /** The partition whose region the signature names. */
  readonly partition: IamPartitionName;
  /** Who claims to call; not proven. */
  readonly accessKeyId: string;
  /** The `Authorization` header as it is relayed. */
  readonly authorization: string;
  /** Signed header names, lower case, sorted. */
  readonly signedHeaders: readonly string[];
  /** `X-Amz-Date` in milliseconds since 1970. */
  readonly signedAt: number;
  /** The `Host` that was signed. */
  readonly host: string;
  /** The `Content-Type` that was signed, where there is no form. */
  readonly contentType: string;
  /** As it was checked. */
  readonly signedRequest: SignedIamRequest;
  /** The native request as it was checked, when an AWS client made it. */
  readonly form: SignedIamForm | undefined;

  /**
   * @param checked - what the check found
   * @param signedRequest - what was checked
   * @param form - and with it
   */
  constructor(checked: CheckedIamRequest, signedRequest: SignedIamRequest, form: SignedIamForm | undefined) {
    this.partition = checked.partition;
    this.accessKeyId = checked.accessKeyId;
    this.authorization = checked.authorization;
    this.signedHeaders = checked.signedHeaders;
    this.signedAt = checked.signedAt;
    this.host = checked.host;
    this.contentType = checked.contentType;
    // Copies: nobody changes them between the check and the call.
    this.signedRequest = { ...signedRequest };
    this.form = form && { ...form, headers: { ...form.headers } };
  }
}
