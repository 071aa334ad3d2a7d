import { Sha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';

import { type AwsCredentials, credentialsFault } from './credentials.js';
import { IAM_PARTITIONS, type IamPartitionName } from './partitions.js';
import type { SignedIamRequest } from './signed-request.js';
import { changePasswordBody, FORM_CONTENT_TYPE, type IamPasswords } from './upstream-body.js';

export type { AwsCredentials } from './credentials.js';
export { IAM_PARTITIONS, type IamPartition, type IamPartitionName } from './partitions.js';
export type { SignedIamRequest } from './signed-request.js';
export type { IamPasswords } from './upstream-body.js';

/** What to sign. */
export interface IamPasswordChangeToSign extends IamPasswords {
  /** Keys of the user whose password changes. */
  readonly credentials: AwsCredentials;
  /** `aws` by default. */
  readonly partition?: IamPartitionName;
  /** Time of signing; now by default. AWS and the gateway accept a signature for 15 minutes. */
  readonly date?: Date;
}

/**
 * Signs the IAM ChangePassword request with AWS Signature Version 4, in Node or in a browser (where it needs
 * WebCrypto, so https or localhost). The secret key does not leave this function.
 *
 * Source: AWS IAM API reference, ChangePassword; AWS IAM User Guide, "Create a signed AWS API request".
 *
 * @returns the headers to send to the gateway beside the JSON body `{ currentPassword, newPassword }`
 * @throws TypeError when the credentials lack a part, or have an empty one
 * @throws URIError when a password holds half of a surrogate pair
 */
export async function signIamPasswordChange(change: IamPasswordChangeToSign): Promise<SignedIamRequest> {
  const fault = credentialsFault(change.credentials);
  if (fault !== undefined) throw new TypeError(fault);
  const { host, signingRegion } = IAM_PARTITIONS[change.partition ?? 'aws'];
  const { accessKeyId, secretAccessKey, sessionToken } = change.credentials;
  const signer = new SignatureV4({
    service: 'iam',
    region: signingRegion,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    sha256: Sha256,
    applyChecksum: false,
  });
  const { headers } = await signer.sign(
    {
      method: 'POST',
      protocol: 'https:',
      hostname: host,
      path: '/',
      headers: { host, 'content-type': FORM_CONTENT_TYPE },
      body: changePasswordBody(change),
    },
    { signingDate: change.date ?? new Date() },
  );
  const signed = headers as Record<'authorization' | 'x-amz-date', string>;
  return {
    Authorization: signed.authorization,
    'X-Amz-Date': signed['x-amz-date'],
    ...(sessionToken !== undefined && { 'X-Amz-Security-Token': sessionToken }),
  };
}
