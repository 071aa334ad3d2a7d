import type { ProviderName } from '@password-gateway/errors';

import type { Binding } from '../limits/idempotency.js';
import type { RememberedChange } from '../limits/unknown-outcomes.js';
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
}

/** A change whose fields are right, ready to be sent. */
export interface PreparedChange extends RememberedChange {
  /** What an idempotency key is bound to. */
  readonly binding: Binding;
  /** Calls AWS, once. */
  send(): Promise<PasswordChanged>;
}

/** What the gateway needs of a provider. A third one is a library, a form of credential and one of these. */
export interface ProviderAdapter<Kind extends Credential = Credential> {
  /**
   * Proves a credential as far as can be done without AWS.
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
