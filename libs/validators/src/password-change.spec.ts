import { describe, expect, it } from '@jest/globals';
import type { FieldError, ProviderName } from '@password-gateway/errors';

import {
  invalidChangeError,
  passwordChangeViolations,
  type UncheckedPasswordChange,
} from './password-change.js';

type Case = readonly [
  what: string,
  provider: ProviderName,
  change: UncheckedPasswordChange,
  broken: readonly string[],
];

const CASES: readonly Case[] = [
  ['a Cognito change', 'cognito', { currentPassword: 'old', newPassword: 'new' }, []],
  ['a first Cognito password', 'cognito', { newPassword: 'new' }, []],
  ['an IAM change', 'iam', { currentPassword: 'old', newPassword: 'new' }, []],
  [
    'an IAM change without the current password',
    'iam',
    { newPassword: 'new' },
    ['/currentPassword required'],
  ],
  ['no fields for Cognito', 'cognito', {}, ['/newPassword required']],
  ['no fields for IAM', 'iam', {}, ['/currentPassword required', '/newPassword required']],
  [
    'null, which is not absence',
    'cognito',
    { currentPassword: null, newPassword: 'new' },
    ['/currentPassword not_a_string'],
  ],
  [
    'an empty current password',
    'cognito',
    { currentPassword: '', newPassword: 'new' },
    ['/currentPassword too_short'],
  ],
  [
    'the same password twice',
    'iam',
    { currentPassword: 'same', newPassword: 'same' },
    ['/newPassword same_as_current'],
  ],
  [
    'passwords that differ in form only',
    'cognito',
    { currentPassword: 'r\u00e9', newPassword: 're\u0301' },
    [],
  ],
  [
    'a password that only one provider takes',
    'iam',
    { currentPassword: ' €', newPassword: 'new' },
    ['/currentPassword character_not_allowed'],
  ],
  [
    'a password that only the other provider takes',
    'cognito',
    { currentPassword: 'old', newPassword: ' new' },
    ['/newPassword white_space_at_end'],
  ],
  [
    'everything that is wrong, in one list',
    'cognito',
    { currentPassword: ' \ud800', newPassword: ' \ud800' },
    [
      '/currentPassword unpaired_surrogate',
      '/currentPassword white_space_at_end',
      '/newPassword unpaired_surrogate',
      '/newPassword white_space_at_end',
      '/newPassword same_as_current',
    ],
  ],
  [
    'two values that are no passwords',
    'iam',
    { currentPassword: 1, newPassword: 1 },
    ['/currentPassword not_a_string', '/newPassword not_a_string'],
  ],
];

describe('passwordChangeViolations', () => {
  it.each(CASES)('judges %s', (_what, provider, change, broken) => {
    const errors = passwordChangeViolations(provider, change);
    expect(errors.map(({ pointer, code }) => `${pointer} ${code}`)).toEqual(broken);
  });
});

describe('invalidChangeError', () => {
  const error = (pointer: string, code: FieldError['code']): FieldError => ({
    pointer,
    code,
    detail: 'In words.',
  });

  it.each([
    [[error('/newPassword', 'same_as_current')], 'new_password_reused', 'choose_another_password'],
    [[error('/currentPassword', 'required')], 'current_password_required', 'correct_current_password'],
    [[error('/newPassword', 'required')], 'request_invalid', 'choose_another_password'],
    [[error('/currentPassword', 'too_long')], 'request_invalid', 'correct_current_password'],
    [[error('/UserName', 'unknown_field')], 'request_invalid', 'contact_support'],
    [
      [error('/currentPassword', 'required'), error('/newPassword', 'too_long')],
      'request_invalid',
      'choose_another_password',
    ],
    [
      [error('/newPassword', 'too_long'), error('/newPassword', 'same_as_current')],
      'request_invalid',
      'choose_another_password',
    ],
    [
      [error('/newPassword', 'same_as_current'), error('/UserName', 'unknown_field')],
      'request_invalid',
      'choose_another_password',
    ],
    [
      [error('/UserName', 'unknown_field'), error('/currentPassword', 'too_long')],
      'request_invalid',
      'correct_current_password',
    ],
  ])('makes of %j the code %s', (errors, code, next) => {
    expect(invalidChangeError('iam', errors)).toMatchObject({
      code,
      next,
      errors,
      provider: 'iam',
      outcome: 'unchanged',
    });
  });

  it.each([
    [error('/newPassword', 'same_as_current'), 'In words.'],
    [error('/currentPassword', 'required'), 'IAM always needs the current password.'],
  ])('says of %j: %s', (only, message) => {
    expect(invalidChangeError('iam', [only]).message).toBe(message);
  });
});
