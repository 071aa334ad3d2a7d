import { IAMClient } from '@aws-sdk/client-iam';
import type { UpstreamHandler } from '@password-gateway/errors';

import type { IamPartitionName } from './partitions.js';

/** The part of the SDK's client that is used: a client of another version of the SDK fits too. */
export interface IamClient {
  /** The client's resolved configuration. */
  readonly config: Pick<IAMClient['config'], 'endpoint' | 'protocol' | 'requestHandler'>;
}

/** How to call AWS IAM, wherever it is. */
export interface IamCallOptions {
  /** Partitions whose IAM may be called; `['aws']` by default. */
  readonly partitions?: readonly IamPartitionName[];
  /** Sends the HTTP requests; the SDK's own handler by default. */
  readonly requestHandler?: UpstreamHandler;
  /** Deadline of one call, connecting and reading included, in milliseconds; 10,000 by default. */
  readonly timeoutMs?: number;
}

/** AWS IAM at its own endpoints, or at an address that stands in for them. */
export interface IamEndpointOptions extends IamCallOptions {
  /** Another address for the bytes to go to (local, VPC endpoint); the `Host` header and what is signed stay IAM's own. */
  readonly endpoint?: string;
  /** Left out: a client has a place of its own. */
  readonly client?: never;
}

/** AWS IAM through an SDK client. */
export interface IamClientOptions extends IamCallOptions {
  /**
   * Your own SDK client: its request handler is used, and its endpoint when it was given one; its credentials, retries
   * and middleware are not.
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

/** The client that the options name, or one that lends its request handler and protocol alone. */
export function clientOf(options: IamPasswordProviderOptions): IamClient {
  const { client, endpoint }: Untyped = options;
  if (client && endpoint !== undefined) {
    throw new TypeError('A client has an endpoint of its own: leave endpoint out.');
  }
  if (endpoint !== undefined && !URL.canParse(endpoint)) {
    throw new TypeError('The endpoint must be an absolute URL.');
  }
  return client ?? new IAMClient({ region: 'us-east-1', maxAttempts: 1 });
}
