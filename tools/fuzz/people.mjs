import { signIamPasswordChange } from '@password-gateway/provider-iam/signer';

import { CANARY } from './judge.mjs';

/** A Cognito user and an IAM user. Every lane of the run has its own, so that their calls can be told apart. */
export class Person {
  #sandbox;
  #poolId;

  constructor(sandbox, poolId, name) {
    this.#sandbox = sandbox;
    this.#poolId = poolId;
    this.name = name;
    this.currentPassword = `${CANARY}${name}-Old1`;
    this.newPassword = `${CANARY}${name}-New2`;
    sandbox.cognito.createUser(poolId, { username: name, password: this.currentPassword });
    this.token = sandbox.cognito.issueTokens(poolId, name).accessToken;
    sandbox.iam.createUser({ userName: name, password: this.currentPassword });
    this.key = sandbox.iam.createAccessKey(name);
    this.session = sandbox.iam.createSession(name);
  }

  get passwords() {
    return { currentPassword: this.currentPassword, newPassword: this.newPassword };
  }

  /** Parts of the credentials that no answer may hold. */
  get secrets() {
    const [, payload, signature] = this.token.split('.');
    return [payload, signature, this.key.secretAccessKey, this.session.sessionToken];
  }

  /**
   * Header lines of a credential that is right.
   *
   * @param kind `token`, `key`, `session` or `none`
   * @param passwords what is signed
   * @param date of the signature
   */
  async credential(kind, passwords = this.passwords, date = new Date()) {
    if (kind === 'none') return [];
    if (kind === 'token') return [['Authorization', `Bearer ${this.token}`]];
    const credentials = kind === 'key' ? this.key : this.session;
    return Object.entries(await signIamPasswordChange({ credentials, ...passwords, date }));
  }

  /** The old passwords again, after a change. */
  reset() {
    this.#sandbox.cognito.updateUser(this.#poolId, this.name, { password: this.currentPassword });
    this.#sandbox.iam.updateUser(this.name, { password: this.currentPassword });
  }
}
