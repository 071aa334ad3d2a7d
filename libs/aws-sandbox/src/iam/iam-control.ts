import { randomBytes } from 'node:crypto';
import { matchesHash } from '../password-hash.js';
import {
  IamUser,
  secretKey,
  uniqueId,
  type ChangePermission,
  type IamAccount,
  type Principal,
} from './account.js';
import { CUSTOM_POLICY_DEFAULTS, type AccountPasswordPolicy } from './password-policy.js';

/** The state of an IAM user. */
export interface IamUserState {
  /** Left out at creation: no login profile. Set without regard to the policy. */
  readonly password?: string | undefined;
  /** Default true; `with-mfa`: only a session of `createSession` may, a long-term key meets an explicit deny. */
  readonly canChangePassword?: ChangePermission | undefined;
  /** Default false; true: changes meet `EntityTemporarilyUnmodifiable`. */
  readonly unmodifiable?: boolean | undefined;
}

/** A long-term access key. */
export interface AccessKey {
  /** `AKIA…`, or `ASIA…` for temporary credentials */
  readonly accessKeyId: string;
  /** What signatures are made with. */
  readonly secretAccessKey: string;
}

/** Temporary credentials. */
export interface SessionCredentials extends AccessKey {
  /** Goes with every signed request. */
  readonly sessionToken: string;
  /** When they end. */
  readonly expiration: Date;
}

/** Arranges users, keys and the password policy directly, without the checks of the API. */
export class IamControl {
  readonly #account: IamAccount;
  readonly #now: () => Date;

  /** @internal */
  constructor(account: IamAccount, now: () => Date) {
    this.#account = account;
    this.#now = now;
  }

  /**
   * Makes a user.
   *
   * @throws Error when the name is taken
   */
  createUser(options: IamUserState & { readonly userName: string }): { readonly arn: string } {
    const { users } = this.#account;
    if (users.has(options.userName)) throw new Error(`IAM user ${options.userName} exists`);
    const user = new IamUser(options.userName);
    users.set(user.userName, user);
    this.updateUser(user.userName, options);
    return { arn: this.#account.arnOf({ kind: 'user', user, credentials: 'key' }, 'aws') };
  }

  /** Changes what is given; a null password takes the login profile away. */
  updateUser(
    userName: string,
    changes: Omit<IamUserState, 'password'> & { readonly password?: string | null | undefined },
  ): void {
    const user = this.#user(userName);
    if (changes.password === null) user.password = undefined;
    else if (changes.password !== undefined) user.setPassword(changes.password);
    if (changes.canChangePassword !== undefined) user.canChangePassword = changes.canChangePassword;
    if (changes.unmodifiable !== undefined) user.unmodifiable = changes.unmodifiable;
  }

  /** Deletes a user; its keys are unknown from then on. */
  deleteUser(userName: string): void {
    const user = this.#user(userName);
    const { users, credentials } = this.#account;
    users.delete(userName);
    for (const [accessKeyId, { principal }] of credentials) {
      if (principal.kind === 'user' && principal.user === user) credentials.delete(accessKeyId);
    }
  }

  /** Makes a long-term key for a user, or for the account's root user with the name `root`. */
  createAccessKey(userName: string): AccessKey {
    const principal: Principal =
      userName === 'root' && !this.#account.users.has('root')
        ? { kind: 'root' }
        : { kind: 'user', user: this.#user(userName), credentials: 'key' };
    const accessKeyId = uniqueId('AKIA');
    const secretAccessKey = secretKey();
    this.#account.credentials.set(accessKeyId, { principal, key: { secretAccessKey } });
    return { accessKeyId, secretAccessKey };
  }

  /** Forgets an access key. */
  deleteAccessKey(accessKeyId: string): void {
    this.#account.credentials.delete(accessKeyId);
  }

  /**
   * Makes temporary credentials: of GetSessionToken for a user, of AssumeRole for a role name.
   *
   * @param options - `expiresInSeconds`: default 3600, negative for expired ones; `mfa`: default true. IAM refuses user
   *   sessions without MFA (`InvalidClientTokenId`).
   */
  createSession(
    of: string | { readonly assumedRole: string },
    options: { readonly expiresInSeconds?: number | undefined; readonly mfa?: boolean | undefined } = {},
  ): SessionCredentials {
    const principal: Principal =
      typeof of === 'string'
        ? {
            kind: 'user',
            user: this.#user(of),
            credentials: options.mfa === false ? 'session' : 'mfa-session',
          }
        : { kind: 'role', roleName: of.assumedRole, roleId: uniqueId('AROA') };
    const accessKeyId = uniqueId('ASIA');
    const secretAccessKey = secretKey();
    const sessionToken = `FwoGZXIvYXdzE${randomBytes(180).toString('base64')}`;
    const expiresAt = this.#now().getTime() + (options.expiresInSeconds ?? 3600) * 1000;
    this.#account.credentials.set(accessKeyId, {
      principal,
      key: { secretAccessKey, sessionToken, expiresAt },
    });
    return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expiresAt) };
  }

  /**
   * Sets a custom account password policy; fields left out get IAM's defaults (6 characters, nothing required). Null
   * goes back to the default policy: 8 characters of three kinds.
   */
  setPasswordPolicy(policy: Partial<AccountPasswordPolicy> | null): void {
    this.#account.policy = policy === null ? undefined : { ...CUSTOM_POLICY_DEFAULTS, ...policy };
  }

  /** Whether this is the user's console password. */
  passwordMatches(userName: string, password: string): boolean {
    return matchesHash(this.#user(userName).password, password);
  }

  #user(userName: string): IamUser {
    const user = this.#account.users.get(userName);
    if (!user) throw new Error(`IAM user ${userName} does not exist`);
    return user;
  }
}
