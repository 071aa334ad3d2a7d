/**
 * The `User-Agent` of every request to AWS: rule groups of AWS WAF, such as the core rule set, refuse requests without one.
 * Its version is that of the packages; a test compares the two.
 *
 * Source: AWS WAF developer guide, "Core rule set (CRS) managed rule group", rule NoUserAgent_HEADER.
 */
export const USER_AGENT = 'password-gateway/0.1.0';

/**
 * The `User-Agent` of a request that is sent for somebody else's client: ours first, as RFC 9110, 10.1.5, orders products by
 * their weight.
 *
 * @param client - what that client sent; only printable ASCII of it is used, 256 characters at most
 */
export function userAgentFor(client: string | undefined): string {
  const sent = client
    ?.replace(/[^\x20-\x7e]/g, '')
    .trim()
    .slice(0, 256);
  return sent ? `${USER_AGENT} ${sent}` : USER_AGENT;
}
