import { randomInt } from 'node:crypto';
import { matchesHash } from '../password-hash.js';
import { DEFAULT_ATTEMPT_LIMIT, type AttemptLimit } from './attempt-limit.js';
import { DEFAULT_POOL_POLICY, type PoolPasswordPolicy } from './password-policy.js';
import { authenticate } from './sign-in.js';
import { PoolKeys, type SigningKey } from './signing-keys.js';
import { issueTokens, type IssuedTokens, type IssueTokensOptions } from './tokens.js';
import { PoolUser, type PoolDirectory, type UserPool, type UserStatus } from './user-pool.js';

/** A pool to make. */
export interface CreateUserPoolOptions {
  /** Default `us-east-1`. */
  readonly region?: string | undefined;
  /** Rules that differ from Cognito's default (8 characters of all four kinds, no history). */
  readonly passwordPolicy?: Partial<PoolPasswordPolicy> | undefined;
  /** Wrong passwords until the lockout (default 5), or the whole limit, or false for none. */
  readonly attemptLimit?: number | false | Partial<AttemptLimit> | undefined;
}

/** A pool that was made. */
export interface CreatedUserPool {
  /** `<region>_<9 letters and digits>` */
  readonly id: string;
  /** The `iss` of its tokens. */
  readonly issuer: string;
  /** Region of the pool. */
  readonly region: string;
  /** Its first app client, for InitiateAuth. */
  readonly clientId: string;
}

/** The state of a user. */
export interface UserState {
  /** Left out at creation: a passwordless user. Set without regard to the policy. */
  readonly password?: string | undefined;
  /** Default `CONFIRMED`. */
  readonly status?: UserStatus | undefined;
  /** Default true. */
  readonly enabled?: boolean | undefined;
}

/** Arranges pools, users and tokens directly, without the checks of the API. */
export class CognitoControl {
  readonly #pools: PoolDirectory;
  readonly #now: () => Date;

  /** @internal */
  constructor(pools: PoolDirectory, now: () => Date) {
    this.#pools = pools;
    this.#now = now;
  }

  /** Makes a pool with one app client. */
  createUserPool(options: CreateUserPoolOptions = {}): CreatedUserPool {
    const region = options.region ?? 'us-east-1';
    const id = `${region}_${randomText(9, 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789')}`;
    const clientId = randomText(26, 'abcdefghijklmnopqrstuvwxyz0123456789');
    const issuer = `https://cognito-idp.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}/${id}`;
    this.#pools.add({
      id,
      region,
      issuer,
      policy: { ...DEFAULT_POOL_POLICY, ...options.passwordPolicy },
      attemptLimit: attemptLimitOf(options.attemptLimit),
      keys: new PoolKeys(this.#pools.size),
      clientIds: [clientId],
      users: new Map(),
      deleted: false,
    });
    return { id, issuer, region, clientId };
  }

  /** Deletes a pool: its tokens then meet `ResourceNotFoundException`. */
  deleteUserPool(poolId: string): void {
    this.#pool(poolId).deleted = true;
  }

  /**
   * Makes a user.
   *
   * @throws Error when the pool is unknown or the name is taken
   */
  createUser(poolId: string, options: UserState & { readonly username: string }): { readonly sub: string } {
    const { users } = this.#pool(poolId);
    if (users.has(options.username)) throw new Error(`user ${options.username} exists`);
    const user = new PoolUser(options.username);
    users.set(user.username, user);
    this.updateUser(poolId, user.username, options);
    return { sub: user.sub };
  }

  /** Changes what is given; a null password makes the user passwordless. */
  updateUser(
    poolId: string,
    username: string,
    changes: Omit<UserState, 'password'> & { readonly password?: string | null | undefined },
  ): void {
    const user = this.#user(poolId, username);
    if (changes.password === null) user.password = undefined;
    else if (changes.password !== undefined) user.setPassword(changes.password);
    if (changes.status !== undefined) user.status = changes.status;
    if (changes.enabled !== undefined) user.enabled = changes.enabled;
  }

  /** Deletes a user: tokens then meet `UserNotFoundException`. */
  deleteUser(poolId: string, username: string): void {
    this.#user(poolId, username);
    this.#pool(poolId).users.delete(username);
  }

  /** Forgets the wrong passwords of a user, and the lockout with them. */
  resetAttempts(poolId: string, username: string): void {
    this.#user(poolId, username).attempts.reset();
  }

  /**
   * Signs a user in.
   *
   * @throws AwsError as InitiateAuth answers, such as `NotAuthorizedException` for a wrong password
   */
  signIn(poolId: string, username: string, password: string): IssuedTokens {
    const pool = this.#pool(poolId);
    const now = this.#now();
    return issueTokens(pool, authenticate(pool, username, password, now), now);
  }

  /** Issues tokens without a password, odd ones too. */
  issueTokens(poolId: string, username: string, options: IssueTokensOptions = {}): IssuedTokens {
    return issueTokens(this.#pool(poolId), this.#user(poolId, username), this.#now(), options);
  }

  /** Whether this is the user's password; counts as no attempt. */
  passwordMatches(poolId: string, username: string, password: string): boolean {
    return matchesHash(this.#user(poolId, username).password, password);
  }

  /** The key that signs the pool's tokens now, to forge odd ones with. */
  signingKey(poolId: string): SigningKey {
    return this.#pool(poolId).keys.current;
  }

  /** Signs with a new key from now on; with `keepOld: false` the earlier ones are no longer published. */
  rotateKey(poolId: string, options: { readonly keepOld?: boolean | undefined } = {}): SigningKey {
    return this.#pool(poolId).keys.rotate(options.keepOld ?? true);
  }

  #pool(poolId: string): UserPool {
    const pool = this.#pools.find(poolId);
    if (!pool) throw new Error(`user pool ${poolId} does not exist`);
    return pool;
  }

  #user(poolId: string, username: string): PoolUser {
    const user = this.#pool(poolId).users.get(username);
    if (!user) throw new Error(`user ${username} does not exist`);
    return user;
  }
}

function attemptLimitOf(option: CreateUserPoolOptions['attemptLimit']): AttemptLimit | undefined {
  if (option === false) return undefined;
  const changes = typeof option === 'number' ? { attempts: option } : option;
  return { ...DEFAULT_ATTEMPT_LIMIT, ...changes };
}

function randomText(length: number, alphabet: string): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}
