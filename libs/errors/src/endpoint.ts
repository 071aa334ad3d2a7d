/**
 * Checks the address of an endpoint where it is configured. `localhost:4566` is a URL, too: one of the scheme `localhost`.
 *
 * @param endpoint - an absolute URL
 * @returns the same
 * @throws TypeError when it is not an absolute URL of http or https with a host name
 */
export function checkedEndpoint(endpoint: string): string {
  const { protocol, hostname } = URL.canParse(endpoint) ? new URL(endpoint) : NO_URL;
  if (/^https?:$/.test(protocol) && hostname !== '') return endpoint;
  throw new TypeError(
    'The endpoint must be an absolute URL of http or https with a host name, such as http://localhost:4566.',
  );
}

const NO_URL = { protocol: '', hostname: '' };
