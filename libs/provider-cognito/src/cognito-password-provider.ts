import {
  callUpstream,
  checkedTimeoutMs,
  mapUpstreamError,
  PasswordChangeError,
  tellableErrorName,
  type UpstreamAnswer,
  type UpstreamHandler,
  upstreamReference,
  userAgentFor,
} from '@password-gateway/errors';
import {
  cognitoAccessTokenViolations,
  invalidChangeError,
  passwordChangeViolations,
} from '@password-gateway/validators';

import { ChangePasswordOperation } from './change-password-operation.js';
import { clientOf, type CognitoPasswordProviderOptions } from './provider-options.js';
import { COGNITO_ERRORS } from './upstream-errors.js';

/** One change of a Cognito user's password. */
export interface CognitoPasswordChange {
  /** The user's access token, with the scope `aws.cognito.signin.user.admin`. */
  readonly accessToken: string;
  /** Left out only by a passwordless user who sets a first password. */
  readonly currentPassword?: string | undefined;
  /** The password to be; not trimmed, not normalised. */
  readonly newPassword: string;
  /**
   * Gives up. A request that was on its way ends as `upstream_timeout`, outcome unknown; before that, and when the signal
   * was aborted from the start, it is `upstream_unreachable`, outcome unchanged.
   */
  readonly signal?: AbortSignal;
  /** `User-Agent` of the caller's own client, when there is one; it goes to AWS behind this library's. */
  readonly userAgent?: string | undefined;
}

/** A change that AWS confirmed. */
export interface CognitoPasswordChanged {
  /** Who changed it. */
  readonly provider: 'cognito';
  /** AWS's request id, when the answer had one. */
  readonly upstreamRequestId: string | undefined;
}

const SERVICE = 'cognito-idp';
const UTF8 = new TextDecoder('utf-8', { fatal: true });
const JSON_TYPE = /^application\/(?:x-amz-json-1\.[01]|json)(?:;|$)/i;

/**
 * Changes passwords in Amazon Cognito user pools. Needs no AWS credentials: the user's access token authorises the call.
 *
 * Source: Amazon Cognito API reference, ChangePassword.
 */
export class CognitoPasswordProvider {
  private readonly operation: ChangePasswordOperation;
  private readonly handler: UpstreamHandler;
  private readonly timeoutMs: number;

  /**
   * @param options - where and how to call Amazon Cognito
   * @throws TypeError when the options name no place, or two, an endpoint that is no http or https URL, or an SDK client
   * older than 3.928.0
   * @throws RangeError when the deadline is not from 1 to 2,147,483,647 ms
   */
  constructor(options: CognitoPasswordProviderOptions) {
    const client = clientOf(options);
    this.operation = new ChangePasswordOperation(client, options.client === undefined);
    this.handler = options.requestHandler ?? client.config.requestHandler;
    this.timeoutMs = checkedTimeoutMs(options.timeoutMs ?? 10_000);
  }

  /**
   * Changes the password of the user who owns the access token, with one call to AWS and no retry.
   *
   * @throws PasswordChangeError with the code, and with `outcome`: whether the password is unchanged or unknown
   */
  async changePassword(change: CognitoPasswordChange): Promise<CognitoPasswordChanged> {
    refuseInvalid(change);
    const { accessToken, currentPassword, newPassword } = change;
    const input = {
      AccessToken: accessToken,
      ...(currentPassword !== undefined && { PreviousPassword: currentPassword }),
      ProposedPassword: newPassword,
    };
    const answer = await callUpstream({
      handler: this.handler,
      request: () => this.operation.request(input, userAgentFor(change.userAgent)),
      provider: 'cognito',
      service: SERVICE,
      errorName: async (failed) => tellable((await this.operation.exception(failed))?.name, change),
      timeoutMs: this.timeoutMs,
      ...(change.signal && { signal: change.signal }),
    });
    if (answer.statusCode !== 200 || !isReadable(answer)) {
      throw await this.failure(answer, change);
    }
    return { provider: 'cognito', upstreamRequestId: upstreamReference(SERVICE, answer).requestId };
  }

  private async failure(answer: UpstreamAnswer, change: CognitoPasswordChange): Promise<PasswordChangeError> {
    const exception = await this.operation.exception(answer);
    const upstream = upstreamReference(SERVICE, answer, tellable(exception?.name, change));
    if (exception) {
      return mapUpstreamError('cognito', COGNITO_ERRORS, {
        name: exception.name,
        message: exception.message,
        sent: { sentCurrentPassword: change.currentPassword !== undefined },
        upstream,
      });
    }
    return new PasswordChangeError(isChallenge(answer) ? 'blocked_by_firewall' : 'upstream_failed', {
      provider: 'cognito',
      upstream,
    });
  }
}

/** What is no name of Amazon Cognito's may hold anything, what was sent included. */
function tellable(
  name: string | undefined,
  { accessToken, currentPassword, newPassword }: CognitoPasswordChange,
): string | undefined {
  return tellableErrorName(name, COGNITO_ERRORS, [accessToken, currentPassword, newPassword]);
}

/**
 * AWS WAF answers in Amazon Cognito's place, with a page that only a browser can use, where a rule wants a CAPTCHA (405) or
 * a silent challenge (202); the request went no further.
 *
 * Source: AWS WAF developer guide, "How the AWS WAF CAPTCHA and Challenge rule actions work"; aws-sdk-js-v3#7255.
 */
function isChallenge({ statusCode, headers }: UpstreamAnswer): boolean {
  const action = headers['x-amzn-waf-action'];
  return (action === 'captcha' || action === 'challenge') && statusCode !== 200;
}

function refuseInvalid({ accessToken, currentPassword, newPassword }: CognitoPasswordChange): void {
  if (cognitoAccessTokenViolations(accessToken).length > 0) {
    throw new PasswordChangeError('credential_malformed', { provider: 'cognito' });
  }
  const errors = passwordChangeViolations('cognito', { currentPassword, newPassword });
  if (errors.length > 0) throw invalidChangeError('cognito', errors);
}

/** A success is an empty body (API reference) or a JSON object (seen); anything else is no answer of Cognito's. */
function isReadable({ headers, body }: UpstreamAnswer): boolean {
  const type = headers['content-type'];
  if (body.byteLength === 0) return type === undefined || JSON_TYPE.test(type);
  if (!JSON_TYPE.test(type ?? '')) return false;
  try {
    const value: unknown = JSON.parse(UTF8.decode(body));
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
