import ipaddr from 'ipaddr.js';

/**
 * Who may call at all.
 *
 * @param networks CIDRs; none lets everybody
 * @returns whether an address is in one of the networks
 */
export function allowedClients(networks: readonly string[]): (address: string) => boolean {
  if (networks.length === 0) return () => true;
  const ranges = networks.map((network) => ipaddr.parseCIDR(network));
  return (address) => {
    if (!ipaddr.isValid(address)) return false;
    const parsed = ipaddr.process(address);
    return ranges.some(([range, bits]) => range.kind() === parsed.kind() && parsed.match(range, bits));
  };
}
