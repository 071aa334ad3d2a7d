import { Injectable } from '@nestjs/common';
import { PasswordChangeError } from '@password-gateway/errors';
import { IamPasswordProvider, type RelayableIamRequest } from '@password-gateway/provider-iam';

import { GatewayConfig } from '../config/config.js';
import { UpstreamGuard } from '../upstream/upstream-guard.js';
import { checkChange } from './checked-change.js';
import type { SignedRequestCredential } from './credential.js';
import type { Caller, PreparedChange, ProviderAdapter } from './provider-adapter.js';

/**
 * AWS accepts a signature for 15 minutes on either side of its date. It is remembered as long again: whoever lost the answer to
 * one that was nearly over must not be told that it is expired and the password unchanged.
 */
const SIGNATURE_REMEMBERED_MS = 2 * 15 * 60 * 1000;

/** AWS IAM: the signature is relayed, and only AWS's answer proves the caller. */
@Injectable()
export class IamAdapter implements ProviderAdapter<SignedRequestCredential> {
  private readonly provider: IamPasswordProvider;

  /** @param config for partitions, endpoint and deadline */
  constructor(config: GatewayConfig, requestHandler: UpstreamGuard) {
    this.provider = new IamPasswordProvider({
      requestHandler,
      timeoutMs: config.upstreamTimeoutMs,
      partitions: config.iam.partitions,
      ...config.awsEndpoints,
      ...(config.iam.endpoint !== '' && { endpoint: config.iam.endpoint }),
    });
  }

  /** @inheritdoc */
  prove({ signedRequest, form }: SignedRequestCredential): Promise<IamCaller> {
    const { checked, expired } = this.check(signedRequest, form);
    const { accessKeyId } = checked;
    return Promise.resolve({
      provider: 'iam',
      id: accessKeyId,
      proven: false,
      checked,
      expired,
      audit: { accessKeyId },
    });
  }

  private check(
    signedRequest: SignedRequestCredential['signedRequest'],
    form: SignedRequestCredential['form'],
  ): Pick<IamCaller, 'checked' | 'expired'> {
    try {
      return { checked: this.provider.check(signedRequest, form), expired: undefined };
    } catch (error) {
      if (!(error instanceof PasswordChangeError) || error.code !== 'credential_expired') throw error;
      return {
        checked: this.provider.check(signedRequest, form, signingTime(signedRequest['X-Amz-Date'])),
        expired: error,
      };
    }
  }

  /** @inheritdoc */
  async prepare(
    _credential: SignedRequestCredential,
    { id, checked }: IamCaller,
    body: Readonly<Record<string, unknown>>,
  ): Promise<PreparedChange> {
    const passwords = checkChange('iam', body);
    const change = await this.provider.prepare(checked, passwords);
    const { authorization, signedAt, signedRequest } = checked;
    return {
      ...passwords,
      provider: 'iam',
      caller: id,
      signed: {
        // Its one spelling: the same signature written in another way is the same request.
        request: `${authorization}\n${signedRequest['X-Amz-Date']}\n${change.body}`,
        rememberUntil: signedAt + SIGNATURE_REMEMBERED_MS,
      },
      send: () => change.send(),
    };
  }
}

/** `20261121T101112Z`, as Date reads it. */
function signingTime(amzDate: string): Date {
  return new Date(amzDate.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)/, '$1-$2-$3:$4:'));
}

interface IamCaller extends Caller {
  readonly checked: RelayableIamRequest;
}
