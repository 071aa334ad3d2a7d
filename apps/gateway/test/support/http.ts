import { type Answer, secretsOf, toAnswer } from './answer.js';
import { NEW, OLD } from './users.js';

/** The passwords of a request, or whatever is sent in their place. */
export const PASSWORDS = { currentPassword: OLD, newPassword: NEW };

/**
 * Sends a change as an ordinary client does.
 *
 * @param body a value for JSON; from {@link OLD} to {@link NEW} unless given
 */
export function change(
  { url }: { readonly url: string },
  headers: object,
  body: unknown = PASSWORDS,
): Promise<Answer> {
  return call(url, { ...headers }, JSON.stringify(body), body);
}

/** Sends these bytes as the body of a change, as `application/json` unless the headers say otherwise. */
export function changeWithBytes(
  { url }: { readonly url: string },
  headers: object,
  bytes: string | Uint8Array<ArrayBuffer>,
): Promise<Answer> {
  return call(url, { ...headers }, bytes, undefined);
}

async function call(
  url: string,
  headers: Record<string, string>,
  bytes: string | Uint8Array<ArrayBuffer>,
  body: unknown,
): Promise<Answer> {
  const response = await fetch(`${url}/password/change`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: bytes,
    redirect: 'manual',
  });
  return toAnswer(response.status, response.headers, await response.text(), secretsOf(headers, body));
}

/** Any other request. */
export async function request(
  { url }: { readonly url: string },
  path: string,
  init: RequestInit = {},
): Promise<Answer> {
  const response = await fetch(url + path, { redirect: 'manual', ...init });
  return toAnswer(response.status, response.headers, await response.text(), []);
}

/** Calls an operation of the sandbox's Cognito, as a client of AWS does. */
export async function callCognito(
  { sandbox }: { readonly sandbox: { readonly url: string } },
  operation: string,
  input: object,
): Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }> {
  const response = await fetch(sandbox.url, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-amz-json-1.1',
      'X-Amz-Target': `AWSCognitoIdentityProviderService.${operation}`,
    },
    body: JSON.stringify(input),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
