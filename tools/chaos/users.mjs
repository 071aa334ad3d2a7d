import { signIamPasswordChange } from '@password-gateway/provider-iam/signer';

/** A caller: who they are, what password they have, and how they ask for another one. */
class User {
  #made = 0;

  constructor(name, address) {
    this.name = name;
    this.address = address;
    this.password = this.inventPassword();
  }

  /** A password that nobody had before. */
  inventPassword() {
    this.#made += 1;
    return `Chaos-${this.name}-${this.#made}-Pw1!`;
  }

  /**
   * Headers and body of a change.
   *
   * @param key the idempotency key
   */
  async request(currentPassword, newPassword, key) {
    const passwords = { currentPassword, newPassword };
    const credential = await this.credential(passwords);
    return {
      address: this.address,
      headers: { ...credential, 'Idempotency-Key': key },
      body: JSON.stringify(passwords),
    };
  }
}

/** A user of a Cognito pool, signed in for the whole run. */
export class CognitoUser extends User {
  #control;
  #poolId;

  constructor(sandbox, poolId, name, address) {
    super(name, address);
    this.#control = sandbox.cognito;
    this.#poolId = poolId;
    this.#control.createUser(poolId, { username: name, password: this.password });
    this.token = this.#control.issueTokens(poolId, name, { expiresInSeconds: 86_400 }).accessToken;
  }

  credential() {
    return { Authorization: `Bearer ${this.token}` };
  }

  /** Whether AWS really has this password for the user. */
  has(password) {
    return this.#control.passwordMatches(this.#poolId, this.name, password);
  }
}

/** An IAM user who signs every change. */
export class IamUser extends User {
  #control;
  #credentials;

  constructor(sandbox, name, address) {
    super(name, address);
    this.#control = sandbox.iam;
    this.#control.createUser({ userName: name, password: this.password });
    this.#credentials = this.#control.createAccessKey(name);
  }

  credential(passwords) {
    return signIamPasswordChange({ credentials: this.#credentials, ...passwords });
  }

  /** As above. */
  has(password) {
    return this.#control.passwordMatches(this.name, password);
  }
}
