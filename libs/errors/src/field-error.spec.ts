import { expect, it } from '@jest/globals';

import { COMPROMISED, INCORRECT_PASSWORD, nextStepFor, USED_BEFORE } from './field-error.js';

const SENTENCE = /^[A-Z].+\.$/;

it.each([
  [INCORRECT_PASSWORD, '/currentPassword', 'incorrect'],
  [USED_BEFORE, '/newPassword', 'used_before'],
  [COMPROMISED, '/newPassword', 'compromised'],
])('%j points to %s and says %s', (error, pointer, code) => {
  expect(error).toEqual({ pointer, code, detail: expect.stringMatching(SENTENCE) });
});

it.each([
  [['/newPassword', '/currentPassword'], 'choose_another_password'],
  [['/currentPassword', '/UserName'], 'correct_current_password'],
  [['/UserName'], 'contact_support'],
  [[], 'contact_support'],
])('next after %j is %s', (pointers, next) => {
  expect(nextStepFor(pointers.map((pointer) => ({ pointer, code: 'invalid', detail: '' })))).toBe(next);
});
