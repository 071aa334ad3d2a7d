import type { Fault } from '@password-gateway/aws-sandbox';
import type { ProblemCode } from '@password-gateway/errors';

import type { Answer } from '../support/answer.js';
import type { ProblemExpectation } from '../support/expect-problem.js';
import { change } from '../support/http.js';
import type { Stack } from '../support/stack.js';
import { cognitoUser, iamUser, signed } from '../support/users.js';

/** One way to meet a problem. */
export interface ProblemCase extends ProblemExpectation {
  readonly name: string;
  readonly code: ProblemCode;
  /** How many calls AWS must have seen. */
  readonly calls: number;
  /** The `Retry-After` header, in seconds. */
  readonly retryAfter?: number;
  /** Arranges the state of AWS and sends the request. */
  readonly send: (stack: Stack) => Promise<Answer>;
}

/** An ordinary change of an ordinary Cognito user. */
export function changeCognito(stack: Stack): Promise<Answer> {
  return change(stack, cognitoUser(stack).auth);
}

/** An ordinary change of an ordinary IAM user. */
export async function changeIam(stack: Stack): Promise<Answer> {
  return change(stack, await signed(iamUser(stack).keys));
}

/** An ordinary change that meets a scripted fault. */
export function withFault(provider: 'cognito' | 'iam', fault: Fault): ProblemCase['send'] {
  const [service, send] =
    provider === 'cognito' ? (['cognito-idp', changeCognito] as const) : (['iam', changeIam] as const);
  return (stack) => {
    stack.sandbox.faults.next({ service, action: 'ChangePassword', fault });
    return send(stack);
  };
}

/** An ordinary change that AWS answers with this error; with its own text unless one is given. */
export function withError(provider: 'cognito' | 'iam', code: string, message?: string): ProblemCase['send'] {
  return withFault(provider, { kind: 'error', code, message });
}
