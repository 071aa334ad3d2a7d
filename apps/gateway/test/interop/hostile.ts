import { expect } from '@jest/globals';

import type { CognitoPerson, IamPerson } from '../support/people.js';
import { FIRST_PASSWORD } from '../support/people.js';
import { type RunningGateway, World } from '../support/world.js';
import { expectNativeFailure, type NativeFailure } from './native-answer.js';
import { type RawRequest, sendRaw } from './raw-request.js';

/** IAM's answer to a form that cannot be read. */
export const INVALID_FORM: NativeFailure = {
  form: 'iam',
  name: 'ValidationError',
  code: 'request_malformed',
};

/** IAM's answer to a signature of the wrong form. */
export const INCOMPLETE: NativeFailure = {
  form: 'iam',
  name: 'IncompleteSignature',
  code: 'credential_malformed',
};

/** Cognito's answer to a request that cannot be read. */
export const INVALID_JSON: NativeFailure = {
  form: 'cognito',
  name: 'InvalidParameterException',
  code: 'request_malformed',
};

/** Two gateways before one AWS, with and without `AWS_COMPATIBLE_ENDPOINT`, and somebody at each provider. */
export class HostileWorld {
  iam: IamPerson;
  cognito: CognitoPerson;

  private constructor(
    readonly world: World,
    readonly on: RunningGateway,
    readonly off: RunningGateway,
  ) {
    this.iam = world.iamUser();
    this.cognito = world.cognitoUser();
  }

  /** Starts all of it. */
  static async start(): Promise<HostileWorld> {
    const world = await World.start();
    const [on, off] = await Promise.all([
      world.gateway({ AWS_COMPATIBLE_ENDPOINT: 'true' }),
      world.gateway({ AWS_COMPATIBLE_ENDPOINT: 'false' }),
    ]);
    return new HostileWorld(world, on, off);
  }

  /** Calls that reached AWS so far. */
  get calls(): number {
    return this.world.sandbox.callCount;
  }

  /**
   * Sends a request to both gateways and expects that both refuse it, that nothing reached AWS, and that the passwords
   * of the two people are as they were.
   *
   * @param whenOff what the gateway without `AWS_COMPATIBLE_ENDPOINT` answers, where it is something else
   */
  async expectRefused(request: RawRequest, failure: NativeFailure, whenOff = failure): Promise<void> {
    const before = this.calls;
    const [on, off] = await Promise.all([sendRaw(this.on, request), sendRaw(this.off, request)]);
    expectNativeFailure(on, failure);
    expectNativeFailure(off, whenOff);
    expect(this.calls).toBe(before);
    expect(this.iam.has(FIRST_PASSWORD) && this.cognito.has(FIRST_PASSWORD)).toBe(true);
  }

  /** Ends all of it. */
  end(): Promise<void> {
    return this.world.end();
  }
}
