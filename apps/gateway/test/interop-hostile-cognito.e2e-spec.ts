import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { HostileWorld, INVALID_FORM, INVALID_JSON } from './interop/hostile.js';
import type { NativeFailure } from './interop/native-answer.js';
import { cognitoRequest, COGNITO_TARGET, iamRequest, withHeader, without } from './interop/native-request.js';
import { sendRaw } from './interop/raw-request.js';
import { expectChanged, expectProblem } from './support/expect-problem.js';
import { FIRST_PASSWORD } from './support/people.js';

let hostile: HostileWorld;

beforeAll(async () => {
  hostile = await HostileWorld.start();
});

afterAll(() => hostile.end());

describe('Cognito', () => {
  const NOT_AUTHORIZED: NativeFailure = {
    form: 'cognito',
    name: 'NotAuthorizedException',
    code: 'credential_malformed',
  };
  it.each([
    'AWSCognitoIdentityProviderService.AdminSetUserPassword',
    'AWSCognitoIdentityProviderService.ConfirmForgotPassword',
    'AWSCognitoIdentityProviderService.GetUser',
    'awscognitoidentityproviderservice.changepassword',
    `${COGNITO_TARGET},AWSCognitoIdentityProviderService.GetUser`,
    'ChangePassword',
  ])('X-Amz-Target: %s', async (target) => {
    for (const type of ['application/x-amz-json-1.1', 'application/json']) {
      await hostile.expectRefused(cognitoRequest(hostile.cognito, { target, type }), INVALID_JSON);
    }
  });

  it('no X-Amz-Target, and an empty one', async () => {
    await hostile.expectRefused(without(cognitoRequest(hostile.cognito), 'X-Amz-Target'), INVALID_JSON);
    await hostile.expectRefused(cognitoRequest(hostile.cognito, { target: '' }), INVALID_JSON);
  });

  it('an empty X-Amz-Target leaves application/json the documented dialect', async () => {
    const before = hostile.calls;
    const native = cognitoRequest(hostile.cognito, { target: '', type: 'application/json' });
    expectProblem(await sendRaw(hostile.on, native), 'credential_missing');
    expect(hostile.calls).toBe(before);

    const person = hostile.world.cognitoUser();
    const body = JSON.stringify({ currentPassword: FIRST_PASSWORD, newPassword: 'Battery-Staple-2' });
    const documented = withHeader({ ...native, body }, 'Authorization', `Bearer ${person.accessToken}`);
    expectChanged(await sendRaw(hostile.on, documented), 'cognito');
    expect(person.has('Battery-Staple-2')).toBe(true);
  });

  it('two X-Amz-Target', async () => {
    await hostile.expectRefused(
      withHeader(cognitoRequest(hostile.cognito), 'X-Amz-Target', COGNITO_TARGET),
      NOT_AUTHORIZED,
    );
  });

  it('X-Amz-Target and Authorization', async () => {
    const bearer = withHeader(
      cognitoRequest(hostile.cognito),
      'Authorization',
      `Bearer ${hostile.cognito.accessToken}`,
    );
    await hostile.expectRefused(bearer, NOT_AUTHORIZED);
    const [, signature = ''] =
      iamRequest(hostile.iam).headers.find(([name]) => name === 'Authorization') ?? [];
    await hostile.expectRefused(
      withHeader(cognitoRequest(hostile.cognito), 'Authorization', signature),
      NOT_AUTHORIZED,
    );
  });

  it.each(['X-Amz-Date', 'X-Amz-Security-Token'])('%s, of a signature', async (name) => {
    await hostile.expectRefused(withHeader(cognitoRequest(hostile.cognito), name, 'a'), NOT_AUTHORIZED);
  });

  it.each(['application/x-amz-json-1.0', 'text/plain', 'application/x-amz-json-1.1; charset=utf-16'])(
    'Content-Type: %s',
    async (type) => {
      const before = hostile.calls;
      const { status, text } = await sendRaw(hostile.on, cognitoRequest(hostile.cognito, { type }));
      expect([400, 415]).toContain(status);
      expect(text).toMatch(/media_type_unsupported|InvalidParameterException/);
      expect(hostile.calls).toBe(before);
    },
  );

  it.each<readonly [string, string]>([
    ['Latin-1', '\xe9'],
    ['half a surrogate pair', '\\ud800'],
    ['an unfinished escape', '\\u12'],
  ])('%s in a member', async (_name, text) => {
    const { body, ...request } = cognitoRequest(hostile.cognito);
    const spoilt = body.replace('Battery-Staple-2', `Battery-Staple-2${text}`);
    await hostile.expectRefused({ ...request, body: spoilt }, INVALID_JSON);
  });

  it.each<readonly [string, object, NativeFailure]>([
    ['no AccessToken', { AccessToken: undefined }, { ...NOT_AUTHORIZED, code: 'credential_missing' }],
    ['AccessToken null', { AccessToken: null }, { ...NOT_AUTHORIZED, code: 'credential_missing' }],
    ['AccessToken a list', { AccessToken: ['a'] }, NOT_AUTHORIZED],
    ['AccessToken with a line break', { AccessToken: 'a\r\nb' }, NOT_AUTHORIZED],
    ['AccessToken no token', { AccessToken: 'abc' }, NOT_AUTHORIZED],
    ['UserContextData', { UserContextData: {} }, { ...INVALID_JSON, code: 'request_invalid' }],
    ['Username', { Username: 'somebody-else' }, { ...INVALID_JSON, code: 'request_invalid' }],
    ['our own field', { newPassword: 'Other-Staple-3' }, { ...INVALID_JSON, code: 'request_invalid' }],
    ['no ProposedPassword', { ProposedPassword: undefined }, { ...INVALID_JSON, code: 'request_invalid' }],
    [
      'a list for a password',
      { ProposedPassword: ['Battery-Staple-2'] },
      { ...INVALID_JSON, code: 'request_invalid' },
    ],
    ['__proto__', JSON.parse('{"__proto__":{"a":1}}') as object, INVALID_JSON],
  ])('%s', async (_name, members, failure) => {
    await hostile.expectRefused(cognitoRequest(hostile.cognito, { members }), failure);
  });

  it('a member twice', async () => {
    const { body, ...request } = cognitoRequest(hostile.cognito);
    const twice = body.replace('{', '{"ProposedPassword":"Other-Staple-3",');
    await hostile.expectRefused({ ...request, body: twice }, INVALID_JSON);
  });

  it('an unknown member does not hide a bad token', async () => {
    const members = { AccessToken: 'abc', Username: 'somebody-else' };
    await hostile.expectRefused(cognitoRequest(hostile.cognito, { members }), NOT_AUTHORIZED);
  });

  it('a form that claims to be Cognito', async () => {
    await hostile.expectRefused(
      withHeader(
        iamRequest(hostile.iam, { body: cognitoRequest(hostile.cognito).body }),
        'X-Amz-Target',
        COGNITO_TARGET,
      ),
      INVALID_FORM,
    );
  });
});
