import type { UpstreamRequest } from '@password-gateway/errors';

import { IAM_PARTITIONS } from './partitions.js';
import { RELAYED_HEADERS, type SignedIamForm, type SignedIamRequest } from './signed-request.js';
import type { CheckedIamRequest } from './signed-request-check.js';
import { FORM_CONTENT_TYPE } from './upstream-body.js';

/** Where the bytes go. */
export type Address = Pick<UpstreamRequest, 'protocol' | 'hostname' | 'port'>;

/** A request that has been checked. */
export interface Relayable {
  readonly signed: SignedIamRequest;
  readonly checked: CheckedIamRequest;
  /** The bytes that were signed. */
  readonly body: string;
  /** The native request, when an AWS client made it. */
  readonly form: SignedIamForm | undefined;
}

/**
 * The request that AWS gets. Method, host, path, query, Action and Version are constants; the headers come from a list.
 */
export function relayedRequest(
  { signed, checked, body, form }: Relayable,
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
      ...relayedHeaders(checked.signedHeaders, form),
      'x-amz-date': signed['X-Amz-Date'],
      authorization: checked.authorization,
      ...(token !== undefined && { 'x-amz-security-token': token }),
      ...(contentHash !== undefined &&
        checked.signedHeaders.includes('x-amz-content-sha256') && { 'x-amz-content-sha256': contentHash }),
    },
    body,
  };
}

/** The content type as it came, and of the rest what was signed. */
function relayedHeaders(
  signedHeaders: readonly string[],
  form: SignedIamForm | undefined,
): Record<string, string> {
  if (form === undefined) return {};
  const relayed = Object.entries(form.headers).filter(
    ([name]) => name === 'content-type' || (RELAYED_HEADERS.has(name) && signedHeaders.includes(name)),
  );
  return Object.fromEntries(relayed);
}
