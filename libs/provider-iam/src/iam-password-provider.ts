import {
  callUpstream,
  checkedTimeoutMs,
  PasswordChangeError,
  sdkEndpoint,
  type UpstreamHandler,
  upstreamReference,
} from '@password-gateway/errors';
import { invalidChangeError, passwordChangeViolations } from '@password-gateway/validators';

import { readChangePasswordForm } from './change-password-form.js';
import { type AwsCredentials, credentialsFault } from './credentials.js';
import { FailedAnswers, type SentChange } from './failed-answers.js';
import { IAM_PARTITIONS, type IamEndpointVariant, type IamPartitionName } from './partitions.js';
import { PreparedIamPasswordChange } from './prepared-change.js';
import { clientOf, type IamClient, type IamPasswordProviderOptions } from './provider-options.js';
import { isSuccess } from './query-answer.js';
import { RelayableIamRequest } from './relayable-request.js';
import { type Address, relayedRequest } from './relayed-request.js';
import type { SignedIamForm, SignedIamRequest } from './signed-request.js';
import { checkSignedIamRequest, signedBody } from './signed-request-check.js';
import { signIamPasswordChange } from './signer.js';
import { changePasswordBody, type IamPasswords, otherChangePasswordBodies } from './upstream-body.js';

/** What every change has. */
export interface IamPasswordChange extends IamPasswords {
  /**
   * Gives up. A request that was on its way ends as `upstream_timeout`, outcome unknown; before that, and when the signal
   * was aborted from the start, it is `upstream_unreachable`, outcome unchanged.
   */
  readonly signal?: AbortSignal;
}

/** A change that the caller signed; it is relayed, and no key is needed here. */
export interface SignedIamPasswordChange extends IamPasswordChange {
  /** The caller's signature of exactly these passwords. */
  readonly signedRequest: SignedIamRequest;
  /** The native request, when an AWS client made it; left out, the body is rebuilt from the passwords. */
  readonly form?: SignedIamForm | undefined;
  /** Left out: the caller has signed. */
  readonly credentials?: never;
}

/** A change that this library signs itself, for services that hold the user's keys. */
export interface CredentialedIamPasswordChange extends IamPasswordChange {
  /** The user's own keys. */
  readonly credentials: AwsCredentials;
  /** Partition of the credentials; the first of the provider's partitions by default. */
  readonly partition?: IamPartitionName;
  /** Left out: this library signs. */
  readonly signedRequest?: never;
}

/** A change that AWS confirmed. */
export interface IamPasswordChanged {
  /** Who changed it. */
  readonly provider: 'iam';
  /** AWS's request id, when the answer had one. */
  readonly upstreamRequestId: string | undefined;
}

const SERVICE = 'iam';

/**
 * Changes passwords of AWS IAM users by the user's own signature.
 *
 * Source: AWS IAM API reference, ChangePassword.
 */
export class IamPasswordProvider {
  private readonly client: IamClient;
  /** Where each partition is, when the client is this library's own: another one is asked for every request. */
  private readonly addresses: Map<IamPartitionName, Address> | undefined;
  private readonly handler: UpstreamHandler;
  private readonly partitions: readonly IamPartitionName[];
  /** Which endpoint counts as signed where nothing names one. */
  private readonly variant: IamEndpointVariant;
  /** Whether the bytes go to the host that was signed, and not to an address that stands in for it. */
  private readonly isDirect: boolean;
  private readonly timeoutMs: number;

  /**
   * @param options - where and how to call AWS IAM
   * @throws TypeError when the options name two places, an endpoint that is no http or https URL, or an SDK client older
   * than 3.930.0
   * @throws RangeError when the deadline is not from 1 to 2,147,483,647 ms
   */
  constructor(options: IamPasswordProviderOptions = {}) {
    this.client = clientOf(options);
    this.addresses = options.client === undefined ? new Map() : undefined;
    this.handler = options.requestHandler ?? this.client.config.requestHandler;
    this.partitions = options.partitions ?? ['aws'];
    const { useFipsEndpoint, useDualstackEndpoint } = options;
    this.variant = { useFipsEndpoint, useDualstackEndpoint };
    this.isDirect = options.client === undefined && options.endpoint === undefined;
    this.timeoutMs = checkedTimeoutMs(options.timeoutMs ?? 10_000);
  }

  /**
   * Checks everything about a signed request that can be checked without its body.
   *
   * @param signedRequest - the caller's headers
   * @param form - the native request, when an AWS client made it
   * @param now - the time to judge `X-Amz-Date` by; the present by default
   * @returns what {@link IamPasswordProvider.prepare} takes; its date is not judged again
   * @throws PasswordChangeError `credential_missing`, `credential_malformed`, `credential_expired` or `pool_not_allowed`;
   * `request_malformed` for a form whose headers cannot be sent
   */
  check(signedRequest: SignedIamRequest, form?: SignedIamForm, now = new Date()): RelayableIamRequest {
    const checked = checkSignedIamRequest(signedRequest, this.partitions, now, form, this.variant);
    return new RelayableIamRequest(checked, signedRequest, form);
  }

  /**
   * Checks the passwords (all broken rules together), and whether they are the ones that were signed, as far as the form
   * or the content hash tells.
   *
   * @param checked - what {@link IamPasswordProvider.check} returned
   * @param passwords - in the clear
   * @throws PasswordChangeError `credential_malformed` for what was checked by nobody, or by a provider of other partitions;
   * `request_invalid` or one of the special field codes; `request_malformed` for a form that is no ChangePassword, and
   * `signature_mismatch`
   */
  async prepare(checked: RelayableIamRequest, passwords: IamPasswords): Promise<PreparedIamPasswordChange> {
    const relayable = this.own(checked);
    const read = validPasswords(passwords);
    const { signedRequest, form } = relayable;
    if (form) checkForm(form, read);
    const bodies = form ? [form.body] : spellings(read);
    const body = await signedBody(signedRequest, bodies);
    return new PreparedIamPasswordChange(body, (signal) => this.send(relayable, { ...read, body }, signal));
  }

  /**
   * Changes the password of the IAM user who signed, with one call to AWS and no retry.
   *
   * Checks come in the gateway's order: the signed request, the passwords (all broken rules together), and whether
   * these passwords are the ones that were signed.
   *
   * @throws PasswordChangeError with the code, and with `outcome`: whether the password is unchanged or unknown
   */
  async changePassword(
    change: SignedIamPasswordChange | CredentialedIamPasswordChange,
  ): Promise<IamPasswordChanged> {
    refuseNobody(change);
    const checked = change.signedRequest
      ? this.check(change.signedRequest, change.form)
      : this.check(await this.sign(change));
    const prepared = await this.prepare(checked, change);
    return prepared.send(change.signal);
  }

  private async send(
    checked: RelayableIamRequest,
    change: SentChange,
    signal: AbortSignal | undefined,
  ): Promise<IamPasswordChanged> {
    const { signedRequest, partition } = checked;
    const failures = new FailedAnswers(this.client, signedRequest, change);
    const answer = await callUpstream({
      handler: this.handler,
      request: () => {
        const relayed = (address: Address) => relayedRequest(checked, change.body, address);
        if (this.isDirect) return relayed({ protocol: 'https:', hostname: checked.host });
        const address = this.addresses?.get(partition);
        return address ? relayed(address) : this.address(partition).then(relayed);
      },
      provider: 'iam',
      service: SERVICE,
      errorName: (failed) => failures.errorName(failed),
      timeoutMs: this.timeoutMs,
      ...(signal && { signal }),
    });
    if (!isSuccess(answer)) throw await failures.error(answer);
    return { provider: 'iam', upstreamRequestId: upstreamReference(SERVICE, answer).requestId };
  }

  /** What the types forbid: a request that was checked by nobody, or by a provider of other partitions. */
  private own(checked: unknown): RelayableIamRequest {
    if (checked instanceof RelayableIamRequest && this.partitions.includes(checked.partition)) return checked;
    throw new PasswordChangeError('credential_malformed', {
      provider: 'iam',
      detail: 'What counts as checked must come from the check of a provider that serves its partition.',
    });
  }

  private sign({
    credentials,
    partition,
    ...passwords
  }: CredentialedIamPasswordChange): Promise<SignedIamRequest> {
    // First, because half of a surrogate pair cannot be encoded, and so not be signed.
    const { currentPassword, newPassword } = validPasswords(passwords);
    const detail = credentialsFault(credentials);
    if (detail !== undefined)
      throw new PasswordChangeError('credential_malformed', { provider: 'iam', detail });
    return signIamPasswordChange({
      currentPassword,
      newPassword,
      credentials,
      partition: partition ?? this.partitions[0] ?? 'aws',
      ...this.variant,
    });
  }

  /** Where the bytes go. The path of an endpoint does not count: what was signed is the path `/`. */
  private async address(partition: IamPartitionName): Promise<Address> {
    const region = () => Promise.resolve(IAM_PARTITIONS[partition].signingRegion);
    const { protocol, hostname, port } = await sdkEndpoint('iam', this.client.config, region);
    const address = { protocol, hostname, ...(port !== '' && { port: Number(port) }) };
    this.addresses?.set(partition, address);
    return address;
  }
}

/** What the types forbid, a caller without types can leave out. */
function refuseNobody({
  signedRequest,
  credentials,
}: {
  signedRequest?: unknown;
  credentials?: unknown;
}): void {
  if (signedRequest || credentials) return;
  throw new PasswordChangeError('credential_missing', {
    provider: 'iam',
    detail: 'Nobody signs: the change needs a signedRequest or credentials.',
  });
}

/** Reads the passwords once, so that those that are sent are those that were checked. */
function validPasswords(passwords: IamPasswords | null | undefined): IamPasswords {
  const { currentPassword, newPassword } = passwords ?? ({} as IamPasswords);
  const errors = passwordChangeViolations('iam', { currentPassword, newPassword });
  if (errors.length > 0) throw invalidChangeError('iam', errors);
  return { currentPassword, newPassword };
}

/** The usual one first: the others are seldom needed. */
function* spellings(passwords: IamPasswords): Generator<string> {
  yield changePasswordBody(passwords);
  yield* otherChangePasswordBodies(passwords);
}

/** What is relayed as it came must be what was checked. */
function checkForm({ body }: SignedIamForm, { currentPassword, newPassword }: IamPasswords): void {
  const held = readChangePasswordForm(body);
  if (held.currentPassword === currentPassword && held.newPassword === newPassword) return;
  throw new PasswordChangeError('signature_mismatch', {
    provider: 'iam',
    detail: 'The form that was signed holds other passwords than the change.',
  });
}
