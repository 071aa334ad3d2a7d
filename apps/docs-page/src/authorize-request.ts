import { signIamPasswordChange } from '@password-gateway/provider-iam/signer';

import type { Identity } from './identity.js';

/** A request as Swagger UI is about to send it, and as its curl command will show it. */
export interface PageRequest {
  url: string;
  method?: string;
  headers: Record<string, string>;
  body?: unknown;
}

const CREDENTIAL_HEADERS = new Set([
  'authorization',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
]);

/**
 * Puts the identity's credential into a request, if and only if it is the password change of this page's own gateway in
 * the documented JSON. For IAM that is the signature of the request that the gateway will send to AWS; the secret key stays here.
 *
 * @param request as Swagger UI made it; its headers are replaced
 * @param identity who changes the password
 * @param changeUrl address of the one route
 * @param now time of signing
 */
export async function authorizeRequest(
  request: PageRequest,
  identity: Identity | undefined,
  changeUrl: string,
  now = new Date(),
): Promise<PageRequest> {
  if (identity === undefined || request.url !== changeUrl || request.method?.toUpperCase() !== 'POST') {
    return request;
  }
  const others = Object.entries(request.headers).filter(
    ([name]) => !CREDENTIAL_HEADERS.has(name.toLowerCase()),
  );
  const credential = isNative(request) ? {} : await credentialHeaders(identity, request, now);
  request.headers = { ...Object.fromEntries(others), ...credential };
  return request;
}

/** Calls in AWS's own dialects bring a credential of their own: in the body, or a signature of other bytes than these. */
function isNative({ headers }: PageRequest): boolean {
  const sent = new Headers(headers);
  return (
    !(sent.get('content-type') ?? 'application/json').startsWith('application/json') ||
    (sent.get('x-amz-target') ?? '') !== ''
  );
}

async function credentialHeaders(identity: Identity, { body }: PageRequest, date: Date): Promise<object> {
  if (identity.provider === 'cognito') return { Authorization: `Bearer ${identity.accessToken}` };
  const { credentials, partition } = identity;
  return signIamPasswordChange({ credentials, partition, date, ...passwordsOf(body) });
}

/** What cannot be read is signed as empty: the gateway then says what is wrong with the body, not with the signature. */
function passwordsOf(body: unknown): { currentPassword: string; newPassword: string } {
  const { currentPassword, newPassword } = parse(body);
  return { currentPassword: text(currentPassword), newPassword: text(newPassword) };
}

function parse(body: unknown): { readonly currentPassword?: unknown; readonly newPassword?: unknown } {
  try {
    const value: unknown = typeof body === 'string' ? JSON.parse(body) : undefined;
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.toWellFormed() : '';
}
