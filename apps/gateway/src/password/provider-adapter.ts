import type { PasswordChangeError, ProviderName } from '@password-gateway/errors';

import type { Credential } from './credential.js';

/** A change that AWS confirmed. */
export interface PasswordChanged {
  readonly provider: ProviderName;
  readonly upstreamRequestId: string | undefined;
}

/** Who calls, as audit events tell it. */
export type AuditIdentity =
  { readonly sub: string; readonly userPoolId: string } | { readonly accessKeyId: string };

/** The caller behind a credential. */
export interface Caller {
  readonly provider: ProviderName;
  /** Names the caller to limits and memories; never leaves the process unhashed. */
  readonly id: string;
  /** Whether the gateway itself has proven the caller. If not, only AWS's answer can. */
  readonly proven: boolean;
  readonly audit: AuditIdentity;
  /** The credential has expired: nothing may be sent, but what is known of an earlier attempt is still told. */
  readonly expired?: PasswordChangeError | undefined;
}

/** A change whose fields are right, ready to be sent. */
export interface PreparedChange {
  readonly provider: ProviderName;
  /** Whose attempts are remembered together; never leaves the process unhashed. */
  readonly caller: string;
  readonly currentPassword: string | undefined;
  readonly newPassword: string;
  /** The signed request, for a caller whom only AWS can prove, and until when it is remembered. */
  readonly signed?: { readonly request: string; readonly rememberUntil: number };
  /** Calls AWS, once. */
  send(): Promise<PasswordChanged>;
}

/** What the gateway needs of a provider. A third one is a library, a form of credential and one of these. */
export interface ProviderAdapter<Kind extends Credential = Credential> {
  /**
   * Proves a credential as far as can be done without AWS. That it has expired is told, not thrown.
   *
   * @throws PasswordChangeError the code that says what is wrong with it
   */
  prove(credential: Kind): Promise<Caller>;
  /**
   * Checks the fields, all together, and then whether they are what was signed.
   *
   * @throws PasswordChangeError `request_invalid`, one of the special field codes, or `signature_mismatch`
   */
  prepare(credential: Kind, caller: Caller, body: Readonly<Record<string, unknown>>): Promise<PreparedChange>;
}
