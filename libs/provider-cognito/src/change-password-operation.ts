import {
  ChangePassword$,
  type ChangePasswordRequest,
  type CognitoIdentityProviderClient,
  CognitoIdentityProviderServiceException,
} from '@aws-sdk/client-cognito-identity-provider';
import type { UpstreamAnswer, UpstreamRequest } from '@password-gateway/errors';

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

  /** @param client gives region, endpoint and protocol */
  constructor(private readonly client: CognitoIdentityProviderClient) {
    this.protocol = client.config.protocol;
  }

  /**
   * The HTTP request of one call.
   *
   * @param body the operation's input
   */
  async serialize(body: ChangePasswordRequest): Promise<UpstreamRequest> {
    this.context ??= serdeContext(this.client);
    const request = await this.protocol.serializeRequest(OPERATION, body, await this.context);
    return request as UpstreamRequest;
  }

  /**
   * The typed exception of a failed answer.
   *
   * @returns the exception, or `undefined` when the answer is not one that Amazon Cognito gives
   */
  async exception(answer: UpstreamAnswer): Promise<CognitoIdentityProviderServiceException | undefined> {
    this.context ??= serdeContext(this.client);
    try {
      // The protocol object owns what it is given: it deletes and renames headers.
      const response = { ...answer, headers: { ...answer.headers } };
      await this.protocol.deserializeResponse(OPERATION, await this.context, response);
    } catch (error) {
      if (error instanceof CognitoIdentityProviderServiceException && error.name !== 'Unknown') return error;
    }
    return undefined;
  }
}

type Config = CognitoIdentityProviderClient['config'];

async function serdeContext({ config }: CognitoIdentityProviderClient): Promise<object> {
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
