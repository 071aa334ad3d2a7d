import ipaddr from 'ipaddr.js';
import { isIPv4 } from 'node:net';

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

/**
 * What counts as one address to limits and shares: an IPv6 host owns its whole /64.
 *
 * @param address without a port
 */
export function networkOf(address: string): string {
  if (isIPv4(address) || !ipaddr.isValid(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6 ? parsed.parts.slice(0, 4).join(':') : parsed.toString();
}
