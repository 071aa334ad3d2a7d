import { expect, it } from '@jest/globals';
import { PasswordChangeError } from '@password-gateway/errors';

import { nativeMessage } from './native-message.js';

it.each([
  [
    'a field by the name that the service has for it',
    '/newPassword',
    'It breaks a rule. ProposedPassword: Is too short.',
  ],
  ['a field without such a name by its rule alone', '', 'It breaks a rule. Is too short.'],
])('tells %s', (_what, pointer, message) => {
  const errors = [{ pointer, code: 'too_short', detail: 'Is too short.' } as const];
  const error = new PasswordChangeError('request_invalid', { detail: 'It breaks a rule.', errors });
  expect(nativeMessage(error, { '/newPassword': 'ProposedPassword' })).toBe(message);
});
