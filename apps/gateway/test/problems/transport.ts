import { jest } from '@jest/globals';
import { CognitoPasswordProvider } from '@password-gateway/provider-cognito';

import { AccessTokenVerifier } from '../../src/password/access-token-verifier.js';
import { startStack } from '../support/stack.js';
import { WRONG } from '../support/users.js';
import { changeCognito, changeIam, type ProblemCase, withFault } from './case.js';

/** Refuses connections while the change is sent. */
function whileRefused(change: ProblemCase['send']): ProblemCase['send'] {
  return async (stack) => {
    await stack.sandbox.refuse();
    try {
      return await change(stack);
    } finally {
      await stack.sandbox.accept();
    }
  };
}

const BUG = new TypeError(`a bug that quotes ${WRONG}`);

/** Failures between the gateway and AWS, and in the gateway itself. */
export const TRANSPORT_CASES: readonly ProblemCase[] = [
  ...(['cognito', 'iam'] as const).flatMap((provider): ProblemCase[] => [
    {
      name: `connection refused, ${provider}`,
      code: 'upstream_unreachable',
      retryAfter: 1,
      calls: 0,
      provider,
      next: 'wait_and_retry',
      send: whileRefused(provider === 'cognito' ? changeCognito : changeIam),
    },
    {
      name: `no answer, ${provider}`,
      code: 'upstream_timeout',
      calls: 1,
      provider,
      next: 'sign_in_with_new_password_to_find_out',
      send: withFault(provider, { kind: 'hang' }),
    },
    {
      name: `a reset, ${provider}`,
      code: 'upstream_failed',
      calls: 1,
      provider,
      next: 'sign_in_with_new_password_to_find_out',
      send: withFault(provider, { kind: 'reset' }),
    },
  ]),
  {
    name: 'token keys that were never fetched',
    code: 'upstream_unavailable',
    calls: 0,
    provider: 'cognito',
    retryAfter: 10,
    send: async () => {
      const keyless = await startStack({ withoutTokenKeys: true });
      try {
        return await changeCognito(keyless);
      } finally {
        await keyless.close();
      }
    },
  },
  {
    name: 'a bug before AWS is called',
    code: 'internal_error',
    calls: 0,
    outcome: 'unchanged',
    send: (stack) => {
      jest.spyOn(stack.app.get(AccessTokenVerifier), 'verify').mockRejectedValueOnce(BUG);
      return changeCognito(stack);
    },
  },
  {
    name: 'a bug while AWS may be called',
    code: 'internal_error',
    calls: 0,
    outcome: 'unknown',
    send: (stack) => {
      jest.spyOn(CognitoPasswordProvider.prototype, 'changePassword').mockRejectedValueOnce(BUG);
      return changeCognito(stack);
    },
  },
];
