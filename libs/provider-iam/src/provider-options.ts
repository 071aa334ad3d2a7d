import { IAMClient } from '@aws-sdk/client-iam';
import { checkedEndpoint, type SdkEndpointConfig, type UpstreamHandler } from '@password-gateway/errors';

import type { IamEndpointVariant, IamPartitionName } from './partitions.js';

/** The part of the SDK's client that is used: a client of another version of the SDK, from 3.930.0 on, fits too. */
export interface IamClient {
  /** The client's resolved configuration. */
  readonly config: Pick<IAMClient['config'], 'protocol' | 'requestHandler'> & SdkEndpointConfig;
}

/** How to call AWS IAM, wherever it is. */
export interface IamCallOptions extends IamEndpointVariant {
  /** Partitions whose IAM may be called; `['aws']` by default. */
  readonly partitions?: readonly IamPartitionName[];
  /** Sends the HTTP requests; the SDK's own handler by default. */
  readonly requestHandler?: UpstreamHandler;
  /**
   * Deadline of one call, in milliseconds; 10,000 by default. The lookup of the endpoint, connecting and reading are
   * included.
   */
  readonly timeoutMs?: number;
}

/** AWS IAM at its own endpoints, or at an address that stands in for them. */
export interface IamEndpointOptions extends IamCallOptions {
  /**
   * Another address for the bytes to go to (local, VPC endpoint): an absolute URL of http or https. Its path is dropped,
   * because callers sign the path `/`; the `Host` header and what is signed stay IAM's own. Left out, the bytes go to the
   * partition's IAM; `AWS_ENDPOINT_URL…` variables lead nowhere else.
   */
  readonly endpoint?: string;
  /** Left out: a client has a place of its own. */
  readonly client?: never;
}

/** AWS IAM through an SDK client. */
export interface IamClientOptions extends IamCallOptions {
  /**
   * Your own SDK client: its request handler is used, and the bytes go where it would send them itself, also by
   * `AWS_ENDPOINT_URL_IAM`, `AWS_ENDPOINT_URL` and `endpoint_url` of the shared configuration (the path is dropped, the
   * `Host` header stays IAM's own). Its region is not used, because the signature names the partition; nor are its
   * credentials, retries and middleware.
   */
  readonly client: IamClient;
  /** Left out: the client has its own. */
  readonly endpoint?: never;
}

/** Where and how to call AWS IAM. */
export type IamPasswordProviderOptions = IamEndpointOptions | IamClientOptions;

/** What a caller without types can write. */
interface Untyped {
  readonly client?: IamClient;
  readonly endpoint?: string;
}

/** The client that the options name or describe. */
export function clientOf(options: IamPasswordProviderOptions): IamClient {
  const { client, endpoint }: Untyped = options;
  if (client) {
    if (endpoint === undefined) return checkedClient(client);
    throw new TypeError('A client has an endpoint of its own: leave endpoint out.');
  }
  return new IAMClient({
    region: 'us-east-1',
    maxAttempts: 1,
    // The bytes go to the partition's own host, or to the endpoint: nothing in the environment leads them elsewhere.
    ignoreConfiguredEndpointUrls: true,
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
    ...(endpoint !== undefined && { endpoint: checkedEndpoint(endpoint) }),
  });
}

/** An older client would leave unsaid how it reads answers, and where it was told to send. */
function checkedClient(client: IamClient): IamClient {
  const config: object = client.config;
  if ('protocol' in config && 'serviceConfiguredEndpoint' in config) return client;
  throw new TypeError('The SDK client must be @aws-sdk/client-iam 3.930.0 or later.');
}
