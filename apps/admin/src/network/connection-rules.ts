import { isIP } from 'node:net';
import { normalize } from 'node:path';
import { SandboxError } from '@sandport/core';
import ipaddr from 'ipaddr.js';
import { isWithin, judgeAddress, NEVER_ALLOWED, type AddressKind, type Network } from './address-kinds.ts';
import { isMetadataHost, plainHost } from './metadata-hosts.ts';

/** A place that the deployment itself names. */
export interface Endpoint {
  /** Name or address, as it is connected to. */
  readonly host: string;
  readonly port: number;
}

/** What may be connected to beside public addresses. */
export interface ConnectionRulesOptions {
  /** Networks in CIDR notation, or single addresses: private ones that providers may be in. @default [] */
  readonly allowedPrivateNetworks?: readonly string[] | undefined;
  /** Places that the deployment names, wherever they are: the database of the settings, an OpenID Connect provider. @default [] */
  readonly endpoints?: readonly Endpoint[] | undefined;
  /** Paths of sockets that the deployment names: that of an engine, of a database. @default [] */
  readonly unixSockets?: readonly string[] | undefined;
}

/** Why something may not be connected to. */
export interface ConnectionRefusal {
  readonly kind: AddressKind | 'unix-socket';
  /** What it is, fit for the middle of a sentence. */
  readonly what: string;
  readonly suggestion: string;
}

const KIND_WORDS: Readonly<Record<AddressKind, string>> = {
  public: 'a public address',
  metadata: 'where a cloud keeps the credentials of its machines',
  'link-local': 'a link-local address, where clouds keep the credentials of their machines',
  unspecified: 'the machine of this app by another name',
  multicast: 'an address of many',
  loopback: 'the machine of this app itself',
  private: 'in a private network',
  shared: 'in the shared network of a carrier',
  'unique-local': 'in a private network of IPv6',
  reserved: 'an address that is set apart for other purposes',
};

/** What this program may connect to. */
export class ConnectionRules {
  readonly #networks: readonly Network[];
  readonly #endpoints: ReadonlySet<string>;
  readonly #unixSockets: ReadonlySet<string>;

  /** @throws SandboxError `CONFIG_INVALID` naming a network that is none. */
  constructor({ allowedPrivateNetworks = [], endpoints = [], unixSockets = [] }: ConnectionRulesOptions) {
    this.#networks = allowedPrivateNetworks.map((text, index) => parseNetwork(text, `allowedPrivateNetworks.${index}`));
    this.#endpoints = new Set(endpoints.map(({ host, port }) => endpointKey(host, port)));
    this.#unixSockets = new Set(unixSockets.map((path) => normalize(path)));
  }

  /** Why a host may not be connected to, as far as its name or its literal address tells; `undefined` when nothing speaks against it. */
  refusalOfHost(host: string, port: number | undefined): ConnectionRefusal | undefined {
    if (isIP(host) !== 0) return this.refusalOfAddress(host, host, port);
    return isMetadataHost(host) ? refusal('metadata', host) : undefined;
  }

  /** Why an address may not be connected to that a host was found to have. */
  refusalOfAddress(address: string, host: string, port: number | undefined): ConnectionRefusal | undefined {
    const { kind, address: judged } = judgeAddress(address);
    if (kind === 'public') return undefined;
    if (!NEVER_ALLOWED.has(kind)) {
      if (port !== undefined && this.#endpoints.has(endpointKey(host, port))) return undefined;
      if (this.#networks.some((network) => isWithin(judged, network))) return undefined;
    }
    return refusal(kind, host === address ? address : `${host} (${address})`);
  }

  /** Why a socket in the file system may not be connected to. */
  refusalOfSocket(path: string): ConnectionRefusal | undefined {
    if (this.#unixSockets.has(normalize(path))) return undefined;
    return {
      kind: 'unix-socket',
      what: 'a socket of the machine of this app that its deployment does not name',
      suggestion: 'Use an address that this app may reach, or have whoever deploys it name the socket.',
    };
  }
}

function refusal(kind: AddressKind, shown: string): ConnectionRefusal {
  return {
    kind,
    what: `${shown} is ${KIND_WORDS[kind]}`,
    suggestion: NEVER_ALLOWED.has(kind)
      ? 'Use another address: this one is refused whatever is allowed.'
      : 'Use a public address, or have whoever deploys this app add the network of this one to `allowedPrivateNetworks` in its configuration.',
  };
}

function endpointKey(host: string, port: number): string {
  return `${plainHost(host)} ${port}`;
}

function parseNetwork(text: string, field: string): Network {
  const isSingle = isIP(text) !== 0;
  if (isSingle) {
    const address = ipaddr.parse(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  }
  if (isIP(text.split('/')[0] ?? '') !== 0 && ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  throw new SandboxError('CONFIG_INVALID', `${field}: is no network in CIDR notation.`, {
    operation: 'configure',
    suggestion: 'Write it as 10.20.0.0/16 or fd12:3456::/48, or as a single address.',
    details: { field },
  });
}
