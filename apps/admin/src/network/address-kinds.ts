import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** A network: an address, and how many of its bits count. */
export type Network = readonly [address: Address, bits: number];

/** What an address is to a program that must not be turned against its neighbours. */
export type AddressKind =
  | 'public'
  /** Where a cloud's machines ask who they are, and get credentials. */
  | 'metadata'
  | 'link-local'
  /** The machine itself, however it is called. */
  | 'unspecified'
  | 'multicast'
  | 'loopback'
  | 'private'
  /** Of a carrier, behind which many share an address. */
  | 'shared'
  | 'unique-local'
  | 'reserved';

/** Kinds to which nothing may be connected, whatever anybody allows. */
export const NEVER_ALLOWED: ReadonlySet<AddressKind> = new Set(['metadata', 'link-local', 'unspecified', 'multicast']);

/** An address as it is judged. */
export interface JudgedAddress {
  readonly kind: AddressKind;
  /** Without the wrapping in which IPv6 carries an address of IPv4. */
  readonly address: Address;
}

/** Services for machines of a cloud that lie outside of the link-local range: Alibaba, Azure, Oracle, Volcengine; Amazon, Google, Scaleway and Oracle by IPv6. */
const METADATA_NETWORKS: readonly Network[] = [
  '100.100.100.200/32',
  '168.63.129.16/32',
  '192.0.0.192/32',
  '100.96.0.96/32',
  'fd00:ec2::/32',
  'fd20:ce::254/128',
  'fd00:42::42/128',
  'fd00:c1::a9fe:a9fe/128',
].map((text) => ipaddr.parseCIDR(text));

const IPV4_COMPATIBLE: Network = ipaddr.parseCIDR('::/96');

const KINDS: Readonly<Record<string, AddressKind>> = {
  unicast: 'public',
  unspecified: 'unspecified',
  linkLocal: 'link-local',
  broadcast: 'multicast',
  multicast: 'multicast',
  loopback: 'loopback',
  private: 'private',
  carrierGradeNat: 'shared',
  uniqueLocal: 'unique-local',
  deprecatedSiteLocal: 'unique-local',
};

/** What an address is. @param text an address as `net.isIP` takes it, with a zone or without. */
export function judgeAddress(text: string): JudgedAddress {
  const address = unwrapped(ipaddr.parse(text));
  if (METADATA_NETWORKS.some((network) => isWithin(address, network))) return { kind: 'metadata', address };
  // What is set apart for something else is nobody's public service.
  return { kind: KINDS[address.range()] ?? 'reserved', address };
}

/** Whether an address lies in a network. */
export function isWithin(address: Address, [network, bits]: Network): boolean {
  if (address instanceof ipaddr.IPv4) return network instanceof ipaddr.IPv4 && address.match(network, bits);
  return network instanceof ipaddr.IPv6 && address.match(network, bits);
}

/** The address of IPv4 that an address of IPv6 leads to, where it does. */
function unwrapped(address: Address): Address {
  if (address instanceof ipaddr.IPv4) return address;
  const { parts } = address;
  switch (address.range()) {
    case 'ipv4Mapped':
    case 'rfc6145':
      return embedded(parts, 6);
    case 'rfc6052':
      // Where a local translator has the address in its own prefix nobody here can know.
      return parts[2] === 0 ? embedded(parts, 6) : address;
    case '6to4':
      return embedded(parts, 1);
    case 'unicast':
      return isWithin(address, IPV4_COMPATIBLE) ? embedded(parts, 6) : address;
    default:
      return address;
  }
}

function embedded(parts: readonly number[], from: number): Address {
  const [high = 0, low = 0] = parts.slice(from, from + 2);
  return new ipaddr.IPv4([high >> 8, high & 0xff, low >> 8, low & 0xff]);
}
