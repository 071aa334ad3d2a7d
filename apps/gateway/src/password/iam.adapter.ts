import { Injectable } from '@nestjs/common';
import { changePasswordBody, checkContentHash, IamPasswordProvider } from '@password-gateway/provider-iam';

import { GatewayConfig } from '../config/config.js';
import { UpstreamGuard } from '../upstream/upstream-guard.js';
import { checkChange } from './checked-change.js';
import type { SignedRequestCredential } from './credential.js';
import type { Caller, PreparedChange, ProviderAdapter } from './provider-adapter.js';

/** AWS accepts a signature for 15 minutes on either side of its date. */
const SIGNATURE_LIFE_MS = 15 * 60 * 1000;

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
      ...(config.iam.endpoint !== '' && { endpoint: config.iam.endpoint }),
    });
  }

  /** @inheritdoc */
  prove({ signedRequest, form }: SignedRequestCredential): Promise<IamCaller> {
    const { accessKeyId, authorization } = this.provider.check(signedRequest, form);
    return Promise.resolve({
      provider: 'iam',
      id: accessKeyId,
      proven: false,
      authorization,
      audit: { accessKeyId },
    });
  }

  /** @inheritdoc */
  async prepare(
    { signedRequest, form }: SignedRequestCredential,
    { id, authorization }: IamCaller,
    body: Readonly<Record<string, unknown>>,
  ): Promise<PreparedChange> {
    const { currentPassword, newPassword } = checkChange('iam', body);
    const signedBody = form?.body ?? changePasswordBody({ currentPassword, newPassword });
    await checkContentHash(signedRequest, signedBody);
    return {
      provider: 'iam',
      caller: id,
      currentPassword,
      newPassword,
      binding: {
        kind: 'request',
        caller: id,
        // Its one spelling: the same signature written in another way is the same request.
        request: JSON.stringify([authorization, signedRequest['X-Amz-Date'], signedBody]),
        expiresAt: signedAt(signedRequest['X-Amz-Date']) + SIGNATURE_LIFE_MS,
      },
      send: () => this.provider.changePassword({ signedRequest, form, currentPassword, newPassword }),
    };
  }
}

interface IamCaller extends Caller {
  /** The signature in its one spelling. */
  readonly authorization: string;
}

function signedAt(amzDate: string): number {
  return Date.parse(amzDate.replace(/^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})Z$/, '$1-$2-$3T$4:$5:$6Z'));
}
