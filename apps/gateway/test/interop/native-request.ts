import type { CognitoPerson, IamPerson } from '../support/people.js';
import { FIRST_PASSWORD } from '../support/people.js';
import type { RawRequest } from './raw-request.js';
import { type FormToSign, type HeaderLine, signForm } from './signed-form.js';

/** `X-Amz-Target` of the one operation. */
export const COGNITO_TARGET = 'AWSCognitoIdentityProviderService.ChangePassword';

/** Beginning in the past, so that no two requests of a test are signed in the same second; a repetition is no call. */
let second = Math.floor(Date.now() / 1000) - 200;

/** The body of an IAM change. */
export function iamForm(oldPassword = FIRST_PASSWORD, newPassword = 'Battery-Staple-2'): string {
  const encoded = [oldPassword, newPassword].map(encodeURIComponent);
  return `Action=ChangePassword&Version=2010-05-08&OldPassword=${encoded[0] ?? ''}&NewPassword=${encoded[1] ?? ''}`;
}

/** An IAM change at the one route, as a client signs it for IAM's own host. */
export function iamRequest(
  { credentials }: Pick<IamPerson, 'credentials'>,
  { body = iamForm(), ...form }: Partial<FormToSign> = {},
): RawRequest {
  second += 1;
  const headers = signForm({ keys: credentials, body, at: new Date(second * 1000), ...form });
  return { requestLine: 'POST /password/change', headers, body };
}

/** What may differ in a {@link cognitoRequest}. */
interface CognitoRequestOptions {
  readonly host?: string;
  readonly target?: string;
  readonly type?: string;
  /** Members of the body beside or in place of the usual ones. */
  readonly members?: object;
}

/** A Cognito change at the one route. */
export function cognitoRequest(
  { accessToken }: Pick<CognitoPerson, 'accessToken'>,
  options: CognitoRequestOptions = {},
): RawRequest {
  const { host = 'cognito-idp.us-east-1.amazonaws.com', target = COGNITO_TARGET } = options;
  const headers: HeaderLine[] = [
    ['Host', host],
    ['Content-Type', options.type ?? 'application/x-amz-json-1.1'],
    ['X-Amz-Target', target],
  ];
  const body = JSON.stringify({
    AccessToken: accessToken,
    PreviousPassword: FIRST_PASSWORD,
    ProposedPassword: 'Battery-Staple-2',
    ...options.members,
  });
  return { requestLine: 'POST /password/change', headers, body };
}

/** The same request with one more header line. */
export function withHeader(request: RawRequest, name: string, value: string): RawRequest {
  return { ...request, headers: [...request.headers, [name, value]] };
}

/** The same request without these headers, as they are written. */
export function without(request: RawRequest, ...names: readonly string[]): RawRequest {
  return { ...request, headers: request.headers.filter(([name]) => !names.includes(name)) };
}
