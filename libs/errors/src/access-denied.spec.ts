import { describe, expect, it } from '@jest/globals';

import { accessDeniedVerdict } from './access-denied.js';

const CALL = { action: 'iam:ChangePassword', who: 'this user', mfaMayHelp: false };
const DENIED = 'User: arn:aws:iam::123456789012:user/X is not authorized to perform: iam:ChangePassword';

const KINDS = [
  'identity-based policy',
  'permissions boundary',
  'resource control policy',
  'resource-based policy',
  'role trust policy',
  'service control policy',
  'session policy',
  'VPC endpoint policy',
];

describe.each(KINDS)('a %s', (kind) => {
  it('denies', () => {
    const { code, confidence, next, detail } = accessDeniedVerdict(
      `${DENIED} on resource: user X with an explicit deny in a ${kind}: arn:aws:iam::123456789012:policy/P`,
      CALL,
    );
    expect({ code, confidence, next }).toEqual({ code: 'permission_denied', confidence: 'inferred' });
    const article = kind === 'identity-based policy' ? 'An' : 'A';
    expect(detail).toBe(`${article} ${kind} denies iam:ChangePassword to this user explicitly.`);
  });

  it('does not allow', () => {
    const text = `${DENIED} because no ${kind} allows the iam:ChangePassword action`;
    expect(accessDeniedVerdict(text, { ...CALL, mfaMayHelp: true })).toEqual({
      code: 'permission_denied',
      confidence: 'inferred',
      detail: `No ${kind} allows iam:ChangePassword to this user.`,
    });
  });
});

it.each([
  ['with an explicit deny in a sessions policy', 'A session policy denies'],
  ['with an explicit deny in the role trust policy', 'A role trust policy denies'],
  [
    'with an explicit deny in a VPC endpoint policy transitively through a service control policy',
    'A service control policy denies',
  ],
  ['with an explicit deny', 'A policy denies'],
])('says of %j: %s', (reason, start) => {
  expect(accessDeniedVerdict(`${DENIED} ${reason}`, CALL).detail).toBe(
    `${start} iam:ChangePassword to this user explicitly.`,
  );
});

describe('with a key that may lack MFA', () => {
  it.each([
    'with an explicit deny',
    'with an explicit deny in an identity-based policy: arn:aws:iam::1:policy/Mfa',
  ])('a deny %s points to MFA', (reason) => {
    expect(accessDeniedVerdict(`${DENIED} ${reason}`, { ...CALL, mfaMayHelp: true })).toMatchObject({
      next: 'get_mfa_session',
      detail: expect.stringMatching(/ denies .* until the user signs in with MFA\.$/),
    });
  });

  it.each(['', 'V2', 'V3'])('a quarantine (%s) does not', (version) => {
    const text = `${DENIED} with an explicit deny in an identity-based policy: arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantine${version}`;
    const { next, detail } = accessDeniedVerdict(text, { ...CALL, mfaMayHelp: true });
    expect(next).toBeUndefined();
    expect(detail).toMatch(/^AWS has found an access key of this user leaked/);
    expect(detail).not.toMatch(/MFA/);
  });
});

it('does not take the name of a user for a quarantine', () => {
  const text = 'User: arn:aws:iam::1:user/AWSCompromisedKeyQuarantineV2 is not authorized to perform: x';
  expect(accessDeniedVerdict(text, CALL)).toEqual({ code: 'permission_denied', confidence: 'inferred' });
});
