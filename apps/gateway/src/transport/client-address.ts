/** `192.0.2.1:4711` and `[2001:db8::1]:4711`, as some proxies write into X-Forwarded-For. */
const WITH_PORT = /^(?:(?<v4>\d+\.\d+\.\d+\.\d+)|\[(?<v6>[^\]]+)\])(?::\d+)?$/;

/**
 * The caller's address without a port: each connection has another one, and would be another caller to limits.
 *
 * @param address as the connection or a trusted proxy tells it
 */
export function clientAddress(address: string): string {
  const { v4, v6 } = WITH_PORT.exec(address)?.groups ?? {};
  return v4 ?? v6 ?? address;
}
