import {
  ChangePassword$,
  type ChangePasswordRequest,
  CognitoIdentityProviderServiceException,
} from '@aws-sdk/client-cognito-identity-provider';
import { PasswordChangeError, type UpstreamAnswer, type UpstreamRequest } from '@password-gateway/errors';

import type { CognitoClient } from './provider-options.js';

const [, namespace, name, traits, input, output] = ChangePassword$;
const OPERATION = { namespace, name, traits, input, output };

/** The part of the SDK's protocol object that is used; the SDK types it as a union that cannot be called. */
interface Protocol {
  serializeRequest(operation: object, input: object, context: object): Promise<object>;
  deserializeResponse(operation: object, context: object, response: object): Promise<object>;
}

/**
 * The ChangePassword operation in the SDK's own protocol (AWS JSON 1.1), without the SDK's middleware: ChangePassword
 * needs no AWS credentials, and it must not be retried.
 *
 * Source: Amazon Cognito API reference, ChangePassword.
 */
export class ChangePasswordOperation {
  private readonly protocol: Protocol;
  private context: Promise<object> | undefined;

  /** @param client - gives region, endpoint and protocol */
  constructor(private readonly client: CognitoClient) {
    this.protocol = client.config.protocol;
  }

  /**
   * The HTTP request of one call.
   *
   * @param body - the operation's input
   * @throws PasswordChangeError `internal_error`, outcome unchanged, when the client cannot tell its region or endpoint
   */
  async serialize(body: ChangePasswordRequest): Promise<UpstreamRequest> {
    const request = await this.protocol.serializeRequest(OPERATION, body, await this.resolved());
    return request as UpstreamRequest;
  }

  /**
   * The typed exception of a failed answer.
   *
   * @returns the exception, or `undefined` when the answer is not one that Amazon Cognito gives
   */
  async exception(answer: UpstreamAnswer): Promise<CognitoIdentityProviderServiceException | undefined> {
    const context = await this.resolved();
    try {
      // The protocol object owns what it is given: it deletes and renames headers.
      const response = { ...answer, headers: { ...answer.headers } };
      await this.protocol.deserializeResponse(OPERATION, context, response);
    } catch (error) {
      if (error instanceof CognitoIdentityProviderServiceException && error.name !== 'Unknown') return error;
    }
    return undefined;
  }

  /** Kept once it is there; a failure is not, because the next lookup may succeed. */
  private async resolved(): Promise<object> {
    const context = (this.context ??= serdeContext(this.client));
    try {
      return await context;
    } catch (cause) {
      if (this.context === context) this.context = undefined;
      throw new PasswordChangeError('internal_error', {
        provider: 'cognito',
        outcome: 'unchanged',
        detail: 'The SDK client could not tell its region or endpoint; nothing was sent.',
        cause,
      });
    }
  }
}

type Config = CognitoClient['config'];

async function serdeContext({ config }: CognitoClient): Promise<object> {
  const endpoint = (await config.endpoint?.()) ?? (await regionalEndpoint(config));
  return { ...config, endpoint: () => Promise.resolve(endpoint) };
}

async function regionalEndpoint(config: Config) {
  const { url } = config.endpointProvider({
    Region: await config.region(),
    UseDualStack: await config.useDualstackEndpoint(),
    UseFIPS: await config.useFipsEndpoint(),
  });
  return { protocol: url.protocol, hostname: url.hostname, path: url.pathname };
}
