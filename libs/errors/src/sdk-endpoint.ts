import { checkedEndpoint } from './endpoint.js';
import { PasswordChangeError, type ProviderName } from './password-change-error.js';

/** The part of an AWS SDK client's resolved configuration that tells where its requests go. */
export interface SdkEndpointConfig {
  /** The endpoint that was passed in, if one was. */
  readonly endpoint?:
    | (() => Promise<{
        readonly protocol: string;
        readonly hostname: string;
        readonly port?: number | undefined;
        readonly path: string;
      }>)
    | undefined;
  /** Whether one was. */
  readonly isCustomEndpoint?: boolean | undefined;
  /** Whether `AWS_ENDPOINT_URL…` and `endpoint_url` are left aside. */
  readonly ignoreConfiguredEndpointUrls?: boolean | undefined;
  /** What `AWS_ENDPOINT_URL…` or `endpoint_url` of the shared configuration say. */
  readonly serviceConfiguredEndpoint?: (() => Promise<string | undefined>) | undefined;
  /** The endpoint rules of the service. */
  readonly endpointProvider: (parameters: Record<string, string | boolean | undefined>) => {
    readonly url: URL;
  };
  /** Whether dual-stack endpoints are wanted. */
  readonly useDualstackEndpoint: () => Promise<boolean>;
  /** Whether FIPS endpoints are wanted. */
  readonly useFipsEndpoint: () => Promise<boolean>;
}

/**
 * Where an SDK client itself would send a request now: to the endpoint that was passed to it, else to the one of
 * `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL` or `endpoint_url` of the shared configuration, else to that of the
 * region; through the client's own endpoint rules, so that a combination that they refuse is refused.
 *
 * Source: AWS SDKs and Tools reference guide, "Service-specific endpoints".
 *
 * @param provider - for the `provider` member of a failure
 * @param config - the client's resolved configuration
 * @param region - the region for the endpoint rules
 * @throws PasswordChangeError `internal_error`, outcome unchanged, when the client cannot tell
 */
export async function sdkEndpoint(
  provider: ProviderName,
  config: SdkEndpointConfig,
  region: () => Promise<string>,
): Promise<URL> {
  try {
    const endpoint = await customEndpoint(config);
    const { url } = config.endpointProvider({
      Region: await region(),
      UseDualStack: await config.useDualstackEndpoint(),
      UseFIPS: await config.useFipsEndpoint(),
      ...(endpoint !== undefined && { Endpoint: checkedEndpoint(endpoint) }),
    });
    return url;
  } catch (cause) {
    throw new PasswordChangeError('internal_error', {
      provider,
      outcome: 'unchanged',
      detail: 'The SDK client could not tell its region or endpoint; nothing was sent.',
      cause,
    });
  }
}

/** As the SDK's endpoint middleware looks for it: what was passed in goes first. */
async function customEndpoint(config: SdkEndpointConfig): Promise<string | undefined> {
  if (config.isCustomEndpoint === false || config.endpoint === undefined) {
    if (config.ignoreConfiguredEndpointUrls === true) return undefined;
    const configured = await config.serviceConfiguredEndpoint?.();
    return configured === '' ? undefined : configured;
  }
  const { protocol, hostname, port, path } = await config.endpoint();
  return `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}`;
}
