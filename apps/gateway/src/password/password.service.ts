import { Injectable } from '@nestjs/common';
import { PasswordChangeError } from '@password-gateway/errors';
import { CognitoPasswordProvider } from '@password-gateway/provider-cognito';
import { IamPasswordProvider, type SignedIamRequest } from '@password-gateway/provider-iam';

import { GatewayConfig } from '../config/config.js';
import { UndiciHandler } from '../upstream/undici-handler.js';
import type { CognitoIdentity } from './access-token.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import type { CheckedChange } from './change-password.dto.js';
import { checkChange } from './change-password.dto.js';
import type { Credential } from './credential.js';

/** A credential that is proven as far as the gateway can: the token's signature, or the form of the signed request. */
export type ProvenCredential =
  | { readonly provider: 'cognito'; readonly accessToken: string; readonly identity: CognitoIdentity }
  | { readonly provider: 'iam'; readonly signedRequest: SignedIamRequest };

/** A change that AWS confirmed. */
export interface PasswordChanged {
  readonly provider: 'cognito' | 'iam';
  readonly upstreamRequestId: string | undefined;
}

/** From credential to provider. A third provider is a library, a case of {@link Credential} and a case here. */
@Injectable()
export class PasswordService {
  private readonly cognito: ReadonlyMap<string, CognitoPasswordProvider>;
  private readonly iam: IamPasswordProvider;

  /** Builds one Cognito provider per region, and one for IAM. */
  constructor(
    config: GatewayConfig,
    private readonly tokens: AccessTokenVerifier,
    requestHandler: UndiciHandler,
  ) {
    const shared = { requestHandler, timeoutMs: config.upstreamTimeoutMs };
    const { regions, endpoint } = config.cognito;
    this.cognito = new Map(
      regions.map((region) => [
        region,
        new CognitoPasswordProvider({ ...shared, region, ...(endpoint !== '' && { endpoint }) }),
      ]),
    );
    this.iam = new IamPasswordProvider({
      ...shared,
      partitions: config.iam.partitions,
      ...(config.iam.endpoint !== '' && { endpoint: config.iam.endpoint }),
    });
  }

  /**
   * Proves a credential as far as can be done without AWS.
   *
   * @throws PasswordChangeError the code that says what is wrong with it
   */
  async prove(credential: Credential): Promise<ProvenCredential> {
    switch (credential.provider) {
      case 'cognito':
        return { ...credential, identity: await this.tokens.verify(credential.accessToken) };
      case 'iam':
        this.iam.check(credential.signedRequest);
        return credential;
    }
  }

  /**
   * Checks the fields and calls AWS, once.
   *
   * @param credential the proven credential
   * @param body the parsed JSON object
   * @param calling told immediately before anything can go upstream
   * @throws PasswordChangeError with code and outcome
   */
  async change(
    credential: ProvenCredential,
    body: Readonly<Record<string, unknown>>,
    calling: () => void,
  ): Promise<PasswordChanged> {
    switch (credential.provider) {
      case 'cognito': {
        const change = checkChange('cognito', body);
        calling();
        return this.changeCognito(credential, change);
      }
      case 'iam': {
        const change = checkChange('iam', body);
        calling();
        return this.iam.changePassword({ ...change, signedRequest: credential.signedRequest });
      }
    }
  }

  private changeCognito(
    { accessToken, identity }: Extract<ProvenCredential, { provider: 'cognito' }>,
    { currentPassword, newPassword }: CheckedChange<'cognito'>,
  ): Promise<PasswordChanged> {
    const provider = this.cognito.get(identity.region);
    if (provider === undefined) throw new PasswordChangeError('pool_not_allowed', { provider: 'cognito' });
    return provider.changePassword({ accessToken, currentPassword, newPassword });
  }
}
