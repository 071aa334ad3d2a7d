import type { UpstreamRequest } from '@password-gateway/errors';

import { IAM_PARTITIONS } from './partitions.js';
import type { SignedIamRequest } from './signed-request.js';
import type { CheckedIamRequest } from './signed-request-check.js';
import { FORM_CONTENT_TYPE } from './upstream-body.js';

/** Where the bytes go. */
export type Address = Pick<UpstreamRequest, 'protocol' | 'hostname' | 'port'>;

/**
 * The request that AWS gets. Method, host, path, query, Action and Version are constants; the headers come from a list.
 */
export function relayedRequest(
  signed: SignedIamRequest,
  checked: CheckedIamRequest,
  body: string,
  address: Address,
): UpstreamRequest {
  const token = signed['X-Amz-Security-Token'];
  const contentHash = signed['X-Amz-Content-Sha256'];
  return {
    method: 'POST',
    ...address,
    path: '/',
    query: {},
    headers: {
      host: IAM_PARTITIONS[checked.partition].host,
      'content-type': FORM_CONTENT_TYPE,
      'x-amz-date': signed['X-Amz-Date'],
      authorization: checked.authorization,
      ...(token !== undefined && { 'x-amz-security-token': token }),
      ...(contentHash !== undefined &&
        checked.signedHeaders.includes('x-amz-content-sha256') && { 'x-amz-content-sha256': contentHash }),
    },
    body,
  };
}
