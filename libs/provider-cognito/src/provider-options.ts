import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import type { UpstreamHandler } from '@password-gateway/errors';

/** The part of the SDK's client that is used: a client of another version of the SDK fits too. */
export interface CognitoClient {
  /** The client's resolved configuration. */
  readonly config: Pick<
    CognitoIdentityProviderClient['config'],
    | 'endpoint'
    | 'endpointProvider'
    | 'protocol'
    | 'region'
    | 'requestHandler'
    | 'useDualstackEndpoint'
    | 'useFipsEndpoint'
  >;
}

/** How to call Amazon Cognito, wherever it is. */
export interface CognitoCallOptions {
  /** Sends the HTTP requests; the SDK's own handler by default. */
  readonly requestHandler?: UpstreamHandler;
  /** Deadline of one call, connecting and reading included, in milliseconds; 10,000 by default. */
  readonly timeoutMs?: number;
}

/** Amazon Cognito in a region. */
export interface CognitoRegionOptions extends CognitoCallOptions {
  /** Region of the user pools, for instance `eu-central-1`. */
  readonly region: string;
  /** Another endpoint than the region's own, for instance a local one. */
  readonly endpoint?: string;
  /** Left out: a client has a place of its own. */
  readonly client?: never;
}

/** Amazon Cognito, or what stands in for it, at an address. */
export interface CognitoEndpointOptions extends CognitoCallOptions {
  /** An absolute URL. */
  readonly endpoint: string;
  /** Has no effect beside an endpoint. */
  readonly region?: string;
  /** Left out: a client has a place of its own. */
  readonly client?: never;
}

/** Amazon Cognito where an SDK client finds it. */
export interface CognitoClientOptions extends CognitoCallOptions {
  /**
   * Your own SDK client: its region, endpoint and request handler are used; its retries and middleware are not.
   */
  readonly client: CognitoClient;
  /** Left out: the client has its own. */
  readonly region?: never;
  /** Left out: the client has its own. */
  readonly endpoint?: never;
}

/** Where and how to call Amazon Cognito. There is no default region: a wrong one would send passwords astray. */
export type CognitoPasswordProviderOptions =
  CognitoRegionOptions | CognitoEndpointOptions | CognitoClientOptions;

/** What a caller without types can write. */
interface Untyped {
  readonly client?: CognitoClient;
  readonly region?: string;
  readonly endpoint?: string;
}

/** The client that the options name or describe. An empty string counts as not given. */
export function clientOf(options: CognitoPasswordProviderOptions): CognitoClient {
  const { client, region = '', endpoint = '' }: Untyped = options;
  const place = `${region}${endpoint}`;
  if (client) {
    if (place === '') return client;
    throw new TypeError('A client has a region and an endpoint of its own: leave region and endpoint out.');
  }
  if (place === '') throw new TypeError('Give one of client, region and endpoint: there is no default.');
  if (endpoint === '') return new CognitoIdentityProviderClient({ region, maxAttempts: 1 });
  if (!URL.canParse(endpoint)) throw new TypeError('The endpoint must be an absolute URL.');
  // With an endpoint of one's own the region has no effect, but the SDK wants one.
  return new CognitoIdentityProviderClient({ region: 'us-east-1', endpoint, maxAttempts: 1 });
}
