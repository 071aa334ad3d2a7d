import { Injectable } from '@nestjs/common';
import { PasswordChangeError } from '@password-gateway/errors';
import { CognitoPasswordProvider } from '@password-gateway/provider-cognito';

import { GatewayConfig } from '../config/config.js';
import { UpstreamGuard } from '../upstream/upstream-guard.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { checkChange } from './checked-change.js';
import type { AccessTokenCredential } from './credential.js';
import type { Caller, PreparedChange, ProviderAdapter } from './provider-adapter.js';

/** Amazon Cognito: the caller is proven by the access token before anything goes upstream. */
@Injectable()
export class CognitoAdapter implements ProviderAdapter<AccessTokenCredential> {
  private readonly providers: ReadonlyMap<string, CognitoPasswordProvider>;

  /** Builds one provider per region. */
  constructor(
    config: GatewayConfig,
    private readonly tokens: AccessTokenVerifier,
    requestHandler: UpstreamGuard,
  ) {
    const { regions, endpoint } = config.cognito;
    this.providers = new Map(
      regions.map((region) => [
        region,
        new CognitoPasswordProvider({
          region,
          requestHandler,
          timeoutMs: config.upstreamTimeoutMs,
          ...(endpoint !== '' && { endpoint }),
        }),
      ]),
    );
  }

  /** @inheritdoc */
  async prove({ accessToken }: AccessTokenCredential): Promise<CognitoCaller> {
    const { sub, poolId, region, proven, expired } = await this.tokens.verify(accessToken);
    return {
      provider: 'cognito',
      id: `${poolId}/${sub}`,
      proven,
      region,
      expired,
      audit: { sub, userPoolId: poolId },
    };
  }

  /** @inheritdoc */
  prepare(
    { accessToken, userAgent }: AccessTokenCredential,
    { id, proven, region }: CognitoCaller,
    body: Readonly<Record<string, unknown>>,
  ): Promise<PreparedChange> {
    const { currentPassword, newPassword } = checkChange('cognito', body);
    const provider = this.providers.get(region);
    if (provider === undefined) throw new PasswordChangeError('pool_not_allowed', { provider: 'cognito' });
    return Promise.resolve({
      provider: 'cognito',
      // Who is not proven is nobody but whoever holds this very token.
      caller: proven ? id : accessToken,
      currentPassword,
      newPassword,
      send: () => provider.changePassword({ accessToken, currentPassword, newPassword, userAgent }),
    });
  }
}

interface CognitoCaller extends Caller {
  readonly region: string;
}
