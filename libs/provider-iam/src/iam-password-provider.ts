import { IAMClient } from '@aws-sdk/client-iam';
import {
  callUpstream,
  mapUpstreamError,
  PasswordChangeError,
  type UpstreamAnswer,
  type UpstreamHandler,
  upstreamReference,
  type UpstreamRequest,
} from '@password-gateway/errors';
import { invalidChangeError, passwordChangeViolations } from '@password-gateway/validators';

import { IAM_PARTITIONS, type IamPartitionName } from './partitions.js';
import { iamException } from './query-answer.js';
import { RELAYED_HEADERS, type SignedIamForm, type SignedIamRequest } from './signed-request.js';
import { checkContentHash, type CheckedIamRequest, checkSignedIamRequest } from './signed-request-check.js';
import { type AwsCredentials, signIamPasswordChange } from './signer.js';
import { changePasswordBody, FORM_CONTENT_TYPE, type IamPasswords } from './upstream-body.js';
import { IAM_ERRORS } from './upstream-errors.js';

/** Where and how to call AWS IAM. */
export interface IamPasswordProviderOptions {
  /** Partitions whose IAM may be called; `['aws']` by default. */
  readonly partitions?: readonly IamPartitionName[];
  /** Another address for the bytes to go to (local, VPC endpoint); the `Host` header and what is signed stay IAM's own. */
  readonly endpoint?: string;
  /** Sends the HTTP requests; the SDK's own handler by default. */
  readonly requestHandler?: UpstreamHandler;
  /** Your own SDK client: its request handler is used; its credentials, retries and middleware are not. */
  readonly client?: IAMClient;
  /** Deadline of one change, in milliseconds; 10,000 by default. */
  readonly timeoutMs?: number;
}

interface Change extends IamPasswords {
  /** Gives up; a request that was on its way ends as `upstream_timeout`. */
  readonly signal?: AbortSignal;
}

/** A change that the caller signed; it is relayed, and no key is needed here. */
export interface SignedIamPasswordChange extends Change {
  readonly signedRequest: SignedIamRequest;
  /** The native request, when an AWS client made it; left out, the body is rebuilt from the passwords. */
  readonly form?: SignedIamForm | undefined;
  readonly credentials?: never;
}

/** A change that this library signs itself, for services that hold the user's keys. */
export interface CredentialedIamPasswordChange extends Change {
  readonly credentials: AwsCredentials;
  /** Partition of the credentials; the first of the provider's partitions by default. */
  readonly partition?: IamPartitionName;
  readonly signedRequest?: never;
}

/** A change that AWS confirmed. */
export interface IamPasswordChanged {
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
  private readonly client: IAMClient;
  private readonly handler: UpstreamHandler;
  private readonly partitions: readonly IamPartitionName[];
  private readonly endpoint: URL | undefined;
  private readonly timeoutMs: number;

  /** @param options where and how to call AWS IAM */
  constructor(options: IamPasswordProviderOptions = {}) {
    this.client = options.client ?? new IAMClient({ region: 'us-east-1', maxAttempts: 1 });
    this.handler = options.requestHandler ?? this.client.config.requestHandler;
    this.partitions = options.partitions ?? ['aws'];
    this.endpoint = options.endpoint === undefined ? undefined : new URL(options.endpoint);
    this.timeoutMs = options.timeoutMs ?? 10_000;
  }

  /**
   * Checks everything about a signed request that can be checked without its body.
   *
   * @throws PasswordChangeError `credential_malformed`, `credential_expired` or `pool_not_allowed`
   */
  check(signedRequest: SignedIamRequest, form?: SignedIamForm): CheckedIamRequest {
    return checkSignedIamRequest(signedRequest, this.partitions, new Date(), form);
  }

  /**
   * Changes the password of the IAM user who signed, with one call to AWS and no retry.
   *
   * @throws PasswordChangeError with the code, and with `outcome`: whether the password is unchanged or unknown
   */
  async changePassword(
    change: SignedIamPasswordChange | CredentialedIamPasswordChange,
  ): Promise<IamPasswordChanged> {
    const { currentPassword, newPassword } = change;
    const errors = passwordChangeViolations('iam', { currentPassword, newPassword });
    if (errors.length > 0) throw invalidChangeError('iam', errors);
    const signed = change.signedRequest ?? (await this.sign(change));
    const form = change.signedRequest && change.form;
    const checked = this.check(signed, form);
    const body = form?.body ?? changePasswordBody(change);
    await checkContentHash(signed, body);
    const answer = await callUpstream({
      handler: this.handler,
      request: this.relayed(signed, checked, body, form),
      provider: 'iam',
      service: SERVICE,
      errorName: async (failed) => (await iamException(this.client, failed))?.name,
      timeoutMs: this.timeoutMs,
      ...(change.signal && { signal: change.signal }),
    });
    if (!isSuccess(answer)) throw await this.failure(answer, signed);
    return { provider: 'iam', upstreamRequestId: upstreamReference(SERVICE, answer).requestId };
  }

  private sign({
    credentials,
    partition,
    ...passwords
  }: CredentialedIamPasswordChange): Promise<SignedIamRequest> {
    return signIamPasswordChange({
      ...passwords,
      credentials,
      partition: partition ?? this.partitions[0] ?? 'aws',
    });
  }

  /** Method, host, path, query, Action and Version are constants; the headers come from a list. */
  private relayed(
    signed: SignedIamRequest,
    checked: CheckedIamRequest,
    body: string,
    form: SignedIamForm | undefined,
  ): UpstreamRequest {
    const { host } = IAM_PARTITIONS[checked.partition];
    const { protocol, hostname, port } = this.endpoint ?? new URL(`https://${host}`);
    const token = signed['X-Amz-Security-Token'];
    const contentHash = signed['X-Amz-Content-Sha256'];
    return {
      method: 'POST',
      protocol,
      hostname,
      ...(port !== '' && { port: Number(port) }),
      path: '/',
      query: {},
      headers: {
        host,
        'content-type': FORM_CONTENT_TYPE,
        ...relayedHeaders(checked.signedHeaders, form),
        'x-amz-date': signed['X-Amz-Date'],
        authorization: checked.authorization,
        ...(token !== undefined && { 'x-amz-security-token': token }),
        ...(contentHash !== undefined &&
          checked.signedHeaders.includes('x-amz-content-sha256') && { 'x-amz-content-sha256': contentHash }),
      },
      body,
    };
  }

  private async failure(answer: UpstreamAnswer, signed: SignedIamRequest): Promise<PasswordChangeError> {
    const exception = await iamException(this.client, answer);
    const upstream = upstreamReference(SERVICE, answer, exception?.name);
    return exception
      ? mapUpstreamError('iam', IAM_ERRORS, {
          ...exception,
          sent: { sentSecurityToken: signed['X-Amz-Security-Token'] !== undefined },
          upstream,
        })
      : new PasswordChangeError('upstream_failed', { provider: 'iam', upstream });
  }
}

/** The content type as it came, and of the rest what was signed. */
function relayedHeaders(
  signedHeaders: readonly string[],
  form: SignedIamForm | undefined,
): Record<string, string> {
  if (form === undefined) return {};
  const relayed = Object.entries(form.headers).filter(
    ([name]) => name === 'content-type' || (RELAYED_HEADERS.has(name) && signedHeaders.includes(name)),
  );
  return Object.fromEntries(relayed);
}

const XML_TYPE = /^(?:text|application)\/xml(?:;|$)/i;

/** The answer of a success, whole from its root element on. */
const SUCCESS = /^(?:<\?xml[^>]*\?>)?\s*<ChangePasswordResponse[\s>][\s\S]*<\/ChangePasswordResponse>\s*$/;

function isSuccess({ statusCode, headers, body }: UpstreamAnswer): boolean {
  return (
    statusCode === 200 &&
    XML_TYPE.test(headers['content-type'] ?? '') &&
    SUCCESS.test(new TextDecoder().decode(body))
  );
}
