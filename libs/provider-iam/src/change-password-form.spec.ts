import { describe, expect, it } from '@jest/globals';

import { failureOf } from '../test/failure.js';
import { readChangePasswordForm } from './change-password-form.js';

const GOOD = 'Action=ChangePassword&Version=2010-05-08&OldPassword=a&NewPassword=b';

describe('readChangePasswordForm', () => {
  it.each<readonly [string, string]>([
    ['plain', 'plain'],
    ['a+b', 'a b'],
    ['a%20b', 'a b'],
    ['%2B%25%26%3D', '+%&='],
    ['%c3%a4', 'ä'],
    ["-_.~*!'()", "-_.~*!'()"],
    ['%26Action%3DDeleteUser', '&Action=DeleteUser'],
    ['', ''],
  ])('NewPassword=%s', (encoded, newPassword) => {
    expect(readChangePasswordForm(GOOD.replace(/b$/, encoded))).toEqual({
      currentPassword: 'a',
      newPassword,
    });
  });

  it('takes the parameters in any order', () => {
    expect(readChangePasswordForm(GOOD.split('&').reverse().join('&'))).toEqual({
      currentPassword: 'a',
      newPassword: 'b',
    });
  });

  it.each<readonly [string, string, RegExp]>([
    ['nothing', '', /may hold only/],
    ['an empty part', `${GOOD}&`, /may hold only/],
    ['another parameter', `${GOOD}&UserName=c`, /may hold only/],
    ['a name without a value', GOOD.replace('=2010-05-08', ''), /may hold only/],
    ['an encoded name', GOOD.replace('Action', '%41ction'), /may hold only/],
    ['a parameter twice', `${GOOD}&NewPassword=b`, /NewPassword more than once/],
    ['a parameter missing', GOOD.replace('&OldPassword=a', ''), /must hold OldPassword/],
    ['another action', GOOD.replace('ChangePassword', 'DeleteUser'), /only Action/],
    ['another version', GOOD.replace('2010-05-08', '2010-05-09'), /only Action/],
    ['a second separator', `${GOOD}=c`, /not percent-encoded/],
    ['a semicolon', `${GOOD};Action=DeleteUser`, /not percent-encoded/],
    ['a space', `${GOOD} `, /not percent-encoded/],
    ['a byte beyond ASCII', `${GOOD}\xe4`, /not percent-encoded/],
    ['an encoding cut off', `${GOOD}%4`, /not percent-encoded/],
    ['an encoding that is no UTF-8', `${GOOD}%ff`, /not UTF-8/],
    ['an overlong encoding', `${GOOD}%c0%80`, /not UTF-8/],
  ])('refuses %s', async (_name, body, detail) => {
    const failure = await failureOf(Promise.resolve(body).then(readChangePasswordForm));
    expect(failure).toMatchObject({ code: 'request_malformed', provider: 'iam' });
    expect(failure.message).toMatch(detail);
  });
});
