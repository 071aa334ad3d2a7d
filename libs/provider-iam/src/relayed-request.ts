import { type UpstreamRequest, userAgentFor } from '@password-gateway/errors';

import type { RelayableIamRequest } from './relayable-request.js';
import { isRelayable, type SignedIamForm } from './signed-request.js';

/** Where the bytes go. */
export type Address = Pick<UpstreamRequest, 'protocol' | 'hostname' | 'port'>;

/**
 * The request that AWS gets. Method, host, path, query, Action and Version are constants; the headers come from a list.
 *
 * @param request - the signed request
 * @param body - the bytes that were signed
 * @param address - where they go
 */
export function relayedRequest(
  { host, contentType, authorization, signedHeaders, signedRequest, form }: RelayableIamRequest,
  body: string,
  address: Address,
): UpstreamRequest {
  const token = signedRequest['X-Amz-Security-Token'];
  const contentHash = signedRequest['X-Amz-Content-Sha256'];
  return {
    method: 'POST',
    ...address,
    path: '/',
    query: {},
    headers: {
      host,
      'content-type': contentType,
      'user-agent': userAgentFor(form?.userAgent),
      ...relayedHeaders(signedHeaders, form),
      'x-amz-date': signedRequest['X-Amz-Date'],
      authorization,
      ...(token !== undefined && { 'x-amz-security-token': token }),
      ...(contentHash !== undefined &&
        signedHeaders.includes('x-amz-content-sha256') && { 'x-amz-content-sha256': contentHash }),
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
    ([name]) => name === 'content-type' || (isRelayable(name) && signedHeaders.includes(name)),
  );
  return Object.fromEntries(relayed);
}
