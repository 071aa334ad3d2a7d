import { randomBytes, randomInt } from 'node:crypto';
import { hashPassword, type PasswordHash } from '../password-hash.js';
import type { SigV4Key } from '../sigv4/index.js';
import type { AccountPasswordPolicy } from './password-policy.js';

/** Whether a user may call ChangePassword: yes, no, or only with a session that proves MFA. */
export type ChangePermission = boolean | 'with-mfa';

/** An IAM user; without a password it has no login profile. */
export class IamUser {
  readonly userId = uniqueId('AIDA');
  password: PasswordHash | undefined;
  canChangePassword: ChangePermission = true;
  /** The login profile is being created and refuses changes. */
  unmodifiable = false;
  /** Earlier passwords, the newest first. */
  #history: PasswordHash[] = [];

  constructor(readonly userName: string) {}

  /** The last `count` passwords, the present one first. */
  lastPasswords(count: number): readonly PasswordHash[] {
    return [...(this.password ? [this.password] : []), ...this.#history].slice(0, count);
  }

  setPassword(password: string): void {
    // 24 is the longest reuse prevention that IAM offers.
    if (this.password) this.#history = [this.password, ...this.#history].slice(0, 24);
    this.password = hashPassword(password);
  }
}

/** Who signs with a key. */
export type Principal =
  | {
      readonly kind: 'user';
      readonly user: IamUser;
      /** `key`: a long-term access key; otherwise a session of GetSessionToken, with or without MFA. */
      readonly credentials: 'key' | 'session' | 'mfa-session';
    }
  | { readonly kind: 'root' }
  | { readonly kind: 'role'; readonly roleName: string; readonly roleId: string };

/** An access key and who signs with it. */
export interface Credential {
  readonly principal: Principal;
  readonly key: SigV4Key;
}

/** One AWS account; it stands for the same one in every partition. */
export class IamAccount {
  readonly users = new Map<string, IamUser>();
  readonly credentials = new Map<string, Credential>();
  policy: AccountPasswordPolicy | undefined;

  /** @param accountId - 12 digits */
  constructor(readonly accountId: string) {}

  /** The ARN that messages and GetCallerIdentity name. */
  arnOf(principal: Principal, partition: string): string {
    const account = `${partition}:iam::${this.accountId}`;
    if (principal.kind === 'user') return `arn:${account}:user/${principal.user.userName}`;
    if (principal.kind === 'root') return `arn:${account}:root`;
    return `arn:${partition}:sts::${this.accountId}:assumed-role/${principal.roleName}/sandbox`;
  }
}

/** An id such as `AKIA…` or `AIDA…`: four letters of kind, sixteen of A-Z and 2-7. */
export function uniqueId(prefix: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return prefix + Array.from({ length: 16 }, () => alphabet.charAt(randomInt(32))).join('');
}

/** A secret access key: 40 characters of base64. */
export function secretKey(): string {
  return randomBytes(30).toString('base64');
}
