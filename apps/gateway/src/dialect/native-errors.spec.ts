import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

import { describe, expect, it } from '@jest/globals';
import { PasswordChangeError, PROBLEM_CODES, PROBLEMS } from '@password-gateway/errors';

import { cognitoErrorName, iamErrorName } from './native-errors.js';

/** What the SDK's documentation of ChangePassword declares. */
function declaredExceptions(client: string): string[] {
  // The providers depend on the clients; the gateway itself does not.
  const provider = createRequire(import.meta.url).resolve(
    `@password-gateway/provider-${client === 'client-iam' ? 'iam' : 'cognito'}`,
  );
  const entry = createRequire(provider).resolve(`@aws-sdk/${client}`);
  const types = new URL('../dist-types/commands/ChangePasswordCommand.d.ts', pathToFileURL(entry));
  return [...readFileSync(types, 'utf8').matchAll(/@throws \{@link (\w+)\}/g)].map(([, name]) => name!);
}

const COGNITO = declaredExceptions('client-cognito-identity-provider');

/** Its clients know these beside those of the operation; the names are IAM's codes, without the suffix. */
const IAM = [
  ...declaredExceptions('client-iam').map((name) => name.replace(/Exception$/, '')),
  // Common errors of AWS Query, and what IAM was seen to answer.
  ...['AccessDenied', 'ExpiredToken', 'IncompleteSignature', 'InvalidClientTokenId'],
  ...['MissingAuthenticationToken', 'SignatureDoesNotMatch', 'Throttling', 'ValidationError'],
];

/** Names after which SDKs repeat a call on their own. */
const REPEATED = /Throttl|TooManyRequests|LimitExceeded/;

describe.each(PROBLEM_CODES)('%s', (code) => {
  const error = new PasswordChangeError(code);

  it('has a name that clients of Cognito know', () => {
    expect(COGNITO).toContain(cognitoErrorName(error));
  });

  it('has a name that clients of IAM know, and a status that none repeats', () => {
    const { name, status } = iamErrorName(error);
    expect(IAM).toContain(name);
    expect([400, 403, 404, 409]).toContain(status);
  });

  it('is repeated by SDKs only when nothing was changed', () => {
    const names = [cognitoErrorName(error), iamErrorName(error).name];
    if (error.outcome === 'unknown') {
      expect(names).toEqual(['InternalErrorException', 'ServiceFailure']);
    }
    // IAM's LimitExceeded is a quota by which SDKs mean throttling; nothing is changed by it either.
    const repeated = names.some((name) => REPEATED.test(name));
    if (repeated) expect(PROBLEMS[code].outcome).toBe('unchanged');
  });
});

describe('a name of AWS itself', () => {
  const upstream = { service: 'iam', error: 'PasswordPolicyViolation', requestId: 'r-1' } as const;

  it('is kept', () => {
    const error = new PasswordChangeError('request_invalid', { provider: 'iam', upstream });
    expect(iamErrorName(error)).toEqual({ name: 'PasswordPolicyViolation', status: 400 });
    const missing = new PasswordChangeError('account_not_found', {
      provider: 'iam',
      upstream: { ...upstream, error: 'NoSuchEntity' },
    });
    expect(iamErrorName(missing)).toEqual({ name: 'NoSuchEntity', status: 404 });
  });

  it('is not that of the other service', () => {
    const error = new PasswordChangeError('request_invalid', { provider: 'iam', upstream });
    expect(cognitoErrorName(error)).toBe('InvalidParameterException');
  });

  it('is not kept where the outcome is unknown: SDKs repeat what is called a failure of AWS', () => {
    const failed = { ...upstream, error: 'ServiceUnavailable' };
    const error = new PasswordChangeError('upstream_failed', { provider: 'iam', upstream: failed });
    expect(iamErrorName(error)).toEqual({ name: 'ServiceFailure', status: 400 });
    const internal = { service: 'cognito-idp', error: 'ServiceUnavailableException' };
    const other = new PasswordChangeError('upstream_failed', { provider: 'cognito', upstream: internal });
    expect(cognitoErrorName(other)).toBe('InternalErrorException');
  });
});

it('a signature that is too old is no session that has ended', () => {
  expect(iamErrorName(new PasswordChangeError('credential_expired')).name).toBe('ExpiredToken');
  const tooOld = new PasswordChangeError('credential_expired', { next: 'sign_the_same_body' });
  expect(iamErrorName(tooOld)).toEqual({ name: 'RequestExpired', status: 400 });
  const mismatch = new PasswordChangeError('signature_mismatch', { next: 'sign_the_same_body' });
  expect(iamErrorName(mismatch).name).toBe('SignatureDoesNotMatch');
});
