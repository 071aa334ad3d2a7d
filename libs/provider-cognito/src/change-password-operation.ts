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
  deserializeResponse(operation: object, context: object, response: object): Promise<object>;
}

/** The headers of every call. */
const HEADERS = {
  'content-type': 'application/x-amz-json-1.1',
  'x-amz-target': 'AWSCognitoIdentityProviderService.ChangePassword',
};

/**
 * The ChangePassword operation in AWS JSON 1.1, without the SDK's middleware: ChangePassword needs no AWS credentials, and
 * it must not be retried. Answers are read by the SDK's own protocol object; the request is plain JSON, for which that
 * object needs 6 µs more.
 *
 * Source: Amazon Cognito API reference, ChangePassword.
 */
export class ChangePasswordOperation {
  private readonly protocol: Protocol;
  /** The endpoint, where it cannot change. */
  private endpoint: URL | undefined;

  /**
   * @param client - gives region, endpoint and protocol
   * @param isOwn - whether the client is this library's own: another one is asked for its endpoint for every request
   */
  constructor(
    private readonly client: CognitoClient,
    private readonly isOwn: boolean,
  ) {
    this.protocol = client.config.protocol;
  }

  /**
   * The HTTP request of one call.
   *
   * @param body - the operation's input
   * @param userAgent - who asks
   * @throws PasswordChangeError `internal_error`, outcome unchanged, when the client cannot tell its region or endpoint
   */
  request(body: ChangePasswordRequest, userAgent: string): UpstreamRequest | Promise<UpstreamRequest> {
    return this.endpoint
      ? requestTo(this.endpoint, body, userAgent)
      : this.requestAfterLookup(body, userAgent);
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

  private async requestAfterLookup(body: ChangePasswordRequest, userAgent: string): Promise<UpstreamRequest> {
    const { config } = this.client;
    const endpoint = await sdkEndpoint('cognito', config, config.region);
    if (this.isOwn) this.endpoint = endpoint;
    return requestTo(endpoint, body, userAgent);
  }
}

function requestTo(
  { protocol, hostname, port, pathname }: URL,
  body: ChangePasswordRequest,
  userAgent: string,
): UpstreamRequest {
  return {
    method: 'POST',
    protocol,
    hostname,
    ...(port !== '' && { port: Number(port) }),
    path: pathname.endsWith('/') ? pathname : `${pathname}/`,
    query: {},
    headers: { ...HEADERS, 'user-agent': userAgent },
    body: JSON.stringify(body),
  };
}
