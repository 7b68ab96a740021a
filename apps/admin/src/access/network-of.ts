import ipaddr from 'ipaddr.js';

/** What belongs to one caller: an address of IPv4, or the 64 bits of IPv6 of which everybody has as many addresses as he likes. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  return parsed instanceof ipaddr.IPv6
    ? `${parsed.parts
        .slice(0, 4)
        .map((part) => part.toString(16))
        .join(':')}::/64`
    : parsed.toString();
}
