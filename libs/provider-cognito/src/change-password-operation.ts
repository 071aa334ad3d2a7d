import {
  ChangePassword$,
  type ChangePasswordRequest,
  CognitoIdentityProviderServiceException,
} from '@aws-sdk/client-cognito-identity-provider';
import { sdkEndpoint, type UpstreamAnswer, type UpstreamRequest } from '@password-gateway/errors';

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

  /** @param client - gives region, endpoint and protocol; the endpoint is asked for anew for every request */
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
    const { config } = this.client;
    const { protocol, hostname, port, pathname } = await sdkEndpoint('cognito', config, config.region);
    const endpoint = { protocol, hostname, path: pathname, ...(port !== '' && { port: Number(port) }) };
    const context = { ...config, endpoint: () => Promise.resolve(endpoint) };
    return (await this.protocol.serializeRequest(OPERATION, body, context)) as UpstreamRequest;
  }

  /**
   * The typed exception of a failed answer.
   *
   * @returns the exception, or `undefined` when the answer is not one that Amazon Cognito gives
   */
  async exception(answer: UpstreamAnswer): Promise<CognitoIdentityProviderServiceException | undefined> {
    try {
      // The protocol object owns what it is given: it deletes and renames headers.
      const response = { ...answer, headers: { ...answer.headers } };
      await this.protocol.deserializeResponse(OPERATION, this.client.config, response);
    } catch (error) {
      if (error instanceof CognitoIdentityProviderServiceException && error.name !== 'Unknown') return error;
    }
    return undefined;
  }
}
