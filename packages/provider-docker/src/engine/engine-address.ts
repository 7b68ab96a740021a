import { dockerError } from '../docker-errors.ts';
import type { EngineLocation, EngineTls } from './engine-location.ts';

const PLAIN_PORT = 2375;
const TLS_PORT = 2376;

/**
 * Reads an address as the `docker` command writes it.
 *
 * @param source Who gave it, for messages.
 * @param tls What encrypts the connection, if anything does; a local socket is never encrypted.
 * @throws SandboxError `CONFIG_INVALID` when it cannot be read, or needs what we do not speak (`ssh://`, `npipe://`).
 */
export function readAddress(address: string, source: string, tls: EngineTls | null): EngineLocation {
  if (address.startsWith('unix:///')) return { address, source, endpoint: { socketPath: address.slice('unix://'.length) }, tls: null };
  if (address.startsWith('ssh://')) throw sshError(source);
  const [, scheme, rest] = /^(tcp|http|https):\/\/(.+)$/.exec(address) ?? [];
  // A scheme that the URL parser does not know keeps its port, also where it is the usual one of another scheme.
  const url = `tcp://${rest}`;
  if (rest === undefined || !URL.canParse(url)) throw unreadable(source);
  const { hostname, port, username, password } = new URL(url);
  if (hostname === '' || username !== '' || password !== '') throw unreadable(source);
  const encryption = scheme === 'https' && tls === null ? { isVerified: true } : tls;
  return {
    address,
    source,
    endpoint: {
      host: hostname.replace(/^\[(.*)\]$/, '$1'),
      port: port === '' ? (encryption === null ? PLAIN_PORT : TLS_PORT) : Number(port),
    },
    tls: scheme === 'http' ? null : encryption,
  };
}

function sshError(source: string): Error {
  return dockerError('CONFIG_INVALID', 'configure', `${source} names an engine behind ssh://, which is not spoken here.`, {
    suggestion:
      'Forward its socket ("ssh -N -L /tmp/engine.sock:/var/run/docker.sock HOST") and set "dockerHost" to unix:///tmp/engine.sock.',
    details: { field: 'dockerHost', source },
  });
}

function unreadable(source: string): Error {
  return dockerError('CONFIG_INVALID', 'configure', `${source} is not an address of a Docker engine.`, {
    suggestion: 'Use unix:///path/to/docker.sock, tcp://host:port, http://host:port or https://host:port.',
    details: { field: 'dockerHost', source },
  });
}
