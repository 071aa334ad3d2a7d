import {
  mapUpstreamError,
  PasswordChangeError,
  tellableErrorName,
  type UpstreamAnswer,
  upstreamReference,
} from '@password-gateway/errors';

import type { IamClient } from './provider-options.js';
import { iamException } from './query-answer.js';
import type { SignedIamRequest } from './signed-request.js';
import type { IamPasswords } from './upstream-body.js';
import { IAM_ERRORS } from './upstream-errors.js';

/** The passwords, and the body that they went in. */
export type SentChange = IamPasswords & { readonly body: string };

/** Makes the failure of one call: what AWS says is judged by what was sent, and never repeats it. */
export class FailedAnswers {
  /**
   * @param client - reads the answers
   * @param signed - what authorised the call
   * @param change - what the call wanted
   */
  constructor(
    private readonly client: IamClient,
    private readonly signed: SignedIamRequest,
    private readonly change: SentChange,
  ) {}

  /** AWS's error name, where it can be told. */
  async errorName(answer: UpstreamAnswer): Promise<string | undefined> {
    return this.tellable((await iamException(this.client, answer))?.name);
  }

  /** The failure that an answer means. */
  async error(answer: UpstreamAnswer): Promise<PasswordChangeError> {
    const exception = await iamException(this.client, answer);
    const upstream = upstreamReference('iam', answer, this.tellable(exception?.name));
    return exception
      ? mapUpstreamError('iam', IAM_ERRORS, {
          ...exception,
          sent: { sentSecurityToken: this.signed['X-Amz-Security-Token'] !== undefined },
          upstream,
        })
      : new PasswordChangeError('upstream_failed', { provider: 'iam', upstream });
  }

  /** What is no name of IAM's may hold anything, what was sent included, as a whole or in part. */
  private tellable(name: string | undefined): string | undefined {
    const { Authorization: authorization, 'X-Amz-Security-Token': token } = this.signed;
    const { currentPassword, newPassword, body } = this.change;
    const credential = authorization.split(/[\s,;=/]+/).filter((part) => /^\w{16,}$/.test(part));
    const secrets = [currentPassword, newPassword, body, authorization, token, ...credential];
    return tellableErrorName(name, IAM_ERRORS, secrets);
  }
}
