import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { checkedEndpoint, type SdkEndpointConfig, type UpstreamHandler } from '@password-gateway/errors';

/** The part of the SDK's client that is used: a client of another version of the SDK, from 3.928.0 on, fits too. */
export interface CognitoClient {
  /** The client's resolved configuration. */
  readonly config: Pick<CognitoIdentityProviderClient['config'], 'protocol' | 'region' | 'requestHandler'> &
    SdkEndpointConfig;
}

/** How to call Amazon Cognito, wherever it is. */
export interface CognitoCallOptions {
  /** Sends the HTTP requests; the SDK's own handler by default. */
  readonly requestHandler?: UpstreamHandler;
  /**
   * Deadline of one call, in milliseconds; 10,000 by default. The lookup of region and endpoint, connecting and reading
   * are included.
   */
  readonly timeoutMs?: number;
}

/** Amazon Cognito in a region. */
export interface CognitoRegionOptions extends CognitoCallOptions {
  /** Calls the endpoint whose TLS uses modules that FIPS 140 has validated; `false` by default, whatever the environment says. */
  readonly useFipsEndpoint?: boolean | undefined;
  /** Calls the endpoint that IPv6 reaches, too; `false` by default, whatever the environment says. */
  readonly useDualstackEndpoint?: boolean | undefined;
  /** Region of the user pools, for instance `eu-central-1`. `AWS_ENDPOINT_URL…` variables lead nowhere else. */
  readonly region: string;
  /** Another endpoint than the region's own, for instance a local one. */
  readonly endpoint?: string;
  /** Left out: a client has a place of its own. */
  readonly client?: never;
}

/** Amazon Cognito, or what stands in for it, at an address. */
export interface CognitoEndpointOptions extends CognitoCallOptions {
  /** An absolute URL of http or https; its path is kept. */
  readonly endpoint: string;
  /** Has no effect beside an endpoint. */
  readonly region?: string;
  /** Left out: a client has a place of its own. */
  readonly client?: never;
}

/** Amazon Cognito where an SDK client finds it. */
export interface CognitoClientOptions extends CognitoCallOptions {
  /**
   * Your own SDK client: its request handler is used, and calls go where it would send them itself, also by
   * `AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER`, `AWS_ENDPOINT_URL` and `endpoint_url` of the shared configuration. Its
   * retries and middleware are not used.
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
  readonly useFipsEndpoint?: boolean | undefined;
  readonly useDualstackEndpoint?: boolean | undefined;
}

/** The client that the options name or describe. An empty string counts as not given. */
export function clientOf(options: CognitoPasswordProviderOptions): CognitoClient {
  const { client, region = '', endpoint = '' }: Untyped = options;
  const place = `${region}${endpoint}`;
  if (client) {
    if (place === '') return checkedClient(client);
    throw new TypeError('A client has a region and an endpoint of its own: leave region and endpoint out.');
  }
  if (place === '') throw new TypeError('Give one of client, region and endpoint: there is no default.');
  const here = { maxAttempts: 1, ignoreConfiguredEndpointUrls: true };
  if (endpoint === '') {
    const { useFipsEndpoint = false, useDualstackEndpoint = false }: Untyped = options;
    return new CognitoIdentityProviderClient({ ...here, region, useFipsEndpoint, useDualstackEndpoint });
  }
  return new CognitoIdentityProviderClient({
    ...here,
    endpoint: checkedEndpoint(endpoint),
    // With an endpoint of one's own these have no effect, but the SDK wants a region, and no FIPS or dual stack beside it.
    region: 'us-east-1',
    useFipsEndpoint: false,
    useDualstackEndpoint: false,
  });
}

/** An older client would leave unsaid how it serializes, and where it was told to send. */
function checkedClient(client: CognitoClient): CognitoClient {
  const config: object = client.config;
  if ('protocol' in config && 'serviceConfiguredEndpoint' in config) return client;
  throw new TypeError('The SDK client must be @aws-sdk/client-cognito-identity-provider 3.928.0 or later.');
}
