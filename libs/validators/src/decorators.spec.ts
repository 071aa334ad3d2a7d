import { describe, expect, it } from '@jest/globals';
import { validateSync } from 'class-validator';

import { COGNITO_PASSWORD_RULES } from './cognito-password.js';
import {
  DiffersFrom,
  IsCognitoAccessToken,
  IsCognitoPassword,
  IsIamPassword,
  IsPresent,
} from './decorators.js';
import { SAME_AS_CURRENT } from './password-change.js';

class Fields {
  @IsCognitoPassword()
  cognito: unknown = 'good';

  @IsIamPassword()
  iam: unknown = 'good';

  @IsCognitoAccessToken()
  token: unknown = 'a.b.c';

  @IsPresent()
  present: unknown = 'here';

  @DiffersFrom('present')
  other: unknown = 'another';
}

function brokenRules(fields: Partial<Fields>): Record<string, string[]> {
  const errors = validateSync(Object.assign(new Fields(), fields));
  return Object.fromEntries(
    errors.map(({ property, constraints }) => [property, Object.keys(constraints ?? {}).sort()]),
  );
}

describe('the decorators', () => {
  it('find nothing to object to in good fields', () => {
    expect(brokenRules({})).toEqual({});
  });

  it('report every broken rule of every field at once, by its code', () => {
    const broken = {
      cognito: `\ud83d${'a'.repeat(256)} `,
      iam: '€'.repeat(129),
      token: ' '.repeat(8193),
      present: undefined,
    };
    expect(brokenRules(broken)).toEqual({
      cognito: ['too_long', 'unpaired_surrogate', 'white_space_at_end'],
      iam: ['character_not_allowed', 'too_long'],
      token: ['character_not_allowed', 'too_long'],
      present: ['required'],
    });
  });

  it.each([undefined, null, 7, {}])('say of %j only that it is no string', (value) => {
    expect(brokenRules({ cognito: value, iam: value, token: value })).toEqual({
      cognito: ['not_a_string'],
      iam: ['not_a_string'],
      token: ['not_a_string'],
    });
  });

  it.each([
    ['same', 'same', ['same_as_current']],
    ['same', 'Same', undefined],
    ['here', undefined, undefined],
    [7, 7, undefined],
  ])('compare %j with %j', (present, other, codes) => {
    expect(brokenRules({ present, other })['other']).toEqual(codes);
  });

  it('say the rule in its own words', () => {
    const errors = validateSync(Object.assign(new Fields(), { cognito: '', other: 'here' }));
    const { detail } = COGNITO_PASSWORD_RULES.find(({ code }) => code === 'too_short')!;
    expect(errors.map(({ constraints }) => constraints)).toEqual([
      { too_short: detail },
      { same_as_current: SAME_AS_CURRENT.detail },
    ]);
  });

  it('take the options of class-validator', () => {
    class Reworded {
      @IsIamPassword({ message: 'No.' })
      password: unknown = '';
    }
    expect(validateSync(new Reworded())[0]?.constraints).toEqual({ too_short: 'No.' });
  });
});
