import { BlockList, isIP, isIPv6 } from 'node:net';
import { InvalidArgumentError } from 'commander';

/** Where a server listens. */
export interface ListenAddress {
  /** An address of this machine. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** Whether only programs of this machine reach it. */
  readonly isLoopback: boolean;
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** Reads `HOST:PORT`, `[HOST]:PORT` or `PORT`. A name is not looked up: what it leads to could be reached by others. */
export function parseListenAddress(text: string): ListenAddress {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]:|([^:[\]]+):)?(\d{1,5})$/.exec(text) ?? [];
  const name = bracketed ?? plain ?? '127.0.0.1';
  const host = name === 'localhost' ? '127.0.0.1' : name;
  const port = Number(digits ?? 'none');
  if (!Number.isInteger(port) || port > 65_535)
    throw new InvalidArgumentError('Write an address and a port: 127.0.0.1:8080, [::1]:8080 or 8080.');
  if (isIP(host) === 0) throw new InvalidArgumentError('Write "localhost" or an address of this machine, and no other name.');
  return { host, port, isLoopback: LOOPBACK.check(host, isIPv6(host) ? 'ipv6' : 'ipv4') };
}

/** The host as it stands in a URL. */
export function urlHost(host: string): string {
  return isIPv6(host) ? `[${host}]` : host;
}
