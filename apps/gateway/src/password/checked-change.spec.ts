import { describe, expect, it } from '@jest/globals';
import { PasswordChangeError, type ProviderName } from '@password-gateway/errors';

import { checkChange } from './checked-change.js';

function refusal(provider: ProviderName, body: Readonly<Record<string, unknown>>): PasswordChangeError {
  try {
    checkChange(provider, body);
  } catch (error) {
    if (error instanceof PasswordChangeError) return error;
    throw error;
  }
  throw new Error('the change was taken');
}

const broken = (error: PasswordChangeError) =>
  error.errors.map(({ pointer, code }) => `${pointer} ${code}`).toSorted();

describe('the fields of a change', () => {
  it.each<readonly [ProviderName, Readonly<Record<string, unknown>>]>([
    ['cognito', { currentPassword: 'old', newPassword: 'new' }],
    ['cognito', { newPassword: 'new' }],
    ['cognito', { newPassword: '€€' }],
    ['iam', { currentPassword: 'old', newPassword: ' new ' }],
  ])('are taken for %s: %j', (provider, body) => {
    expect({ ...checkChange(provider, body) }).toEqual(body);
  });

  it.each<
    readonly [ProviderName, Readonly<Record<string, unknown>>, code: string, errors: readonly string[]]
  >([
    ['cognito', {}, 'request_invalid', ['/newPassword required']],
    ['iam', {}, 'request_invalid', ['/currentPassword required', '/newPassword required']],
    ['iam', { newPassword: 'new' }, 'current_password_required', ['/currentPassword required']],
    [
      'iam',
      { currentPassword: 'same', newPassword: 'same' },
      'new_password_reused',
      ['/newPassword same_as_current'],
    ],
    [
      'cognito',
      { currentPassword: 'same', newPassword: 'same' },
      'new_password_reused',
      ['/newPassword same_as_current'],
    ],
    ['cognito', { newPassword: ' new ' }, 'request_invalid', ['/newPassword white_space_at_end']],
    [
      'cognito',
      { currentPassword: null, newPassword: 'new' },
      'request_invalid',
      ['/currentPassword not_a_string'],
    ],
    [
      'cognito',
      { currentPassword: '', newPassword: 'new' },
      'request_invalid',
      ['/currentPassword too_short'],
    ],
    [
      'iam',
      { currentPassword: '€', newPassword: 'new' },
      'request_invalid',
      ['/currentPassword character_not_allowed'],
    ],
    [
      'iam',
      { currentPassword: 5, newPassword: '€'.repeat(129) },
      'request_invalid',
      ['/currentPassword not_a_string', '/newPassword character_not_allowed', '/newPassword too_long'],
    ],
  ])('are refused for %s: %j is %s', (provider, body, code, errors) => {
    const error = refusal(provider, body);
    expect(error).toMatchObject({ code, provider, outcome: 'unchanged' });
    expect(broken(error)).toEqual(errors);
    for (const { detail } of error.errors) expect(detail).toMatch(/^(?:Must|Is) .+\.$/);
  });
});

describe('another field', () => {
  it.each([
    'AccessToken',
    'Action',
    'NewPassword',
    'OldPassword',
    'PreviousPassword',
    'ProposedPassword',
    'UserName',
    'Username',
    'Version',
    'action',
    'accessToken',
    'oldPassword',
    'password',
    'userName',
    'username',
  ])('is named when it is mistaken for ours: %s', (name) => {
    const error = refusal('cognito', { newPassword: 'new', [name]: 'x' });
    expect(error.code).toBe('request_invalid');
    expect(broken(error)).toEqual([`/${name} unknown_field`]);
  });

  it.each(['canary', 'hasOwnProperty', 'constructor', '__proto__', 'newpassword', ''])(
    'is refused without its name, which might be a password: %j',
    (name) => {
      const body = JSON.parse(`{"newPassword":"new",${JSON.stringify(name)}:"x"}`) as Record<string, unknown>;
      const error = refusal('cognito', body);
      expect(broken(error)).toEqual([' unknown_field']);
      expect(error.errors[0]?.detail).toBe('Unknown field: only currentPassword and newPassword are known.');
    },
  );

  it('is told together with the rules that the fields break', () => {
    expect(broken(refusal('iam', { newPassword: '', password: 'x', canary: 'x' }))).toEqual([
      ' unknown_field',
      '/currentPassword required',
      '/newPassword too_short',
      '/password unknown_field',
    ]);
  });
});
