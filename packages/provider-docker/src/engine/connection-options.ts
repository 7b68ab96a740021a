import type { DockerOptions } from 'dockerode';
import { dockerError } from '../docker-errors.ts';

/** Where the engine listens when nobody says otherwise. */
const DEFAULT_ADDRESS = 'unix:///var/run/docker.sock';

/** How dockerode reaches an engine, and the same as a text for messages. */
export interface Connection {
  readonly address: string;
  readonly options: DockerOptions;
}

/**
 * Reads an address as the `docker` command does; without one, `DOCKER_HOST`, then the local socket.
 *
 * @throws SandboxError `CONFIG_INVALID` when the address cannot be read.
 */
export function connectionOptions(dockerHost: string | undefined): Connection {
  const address = dockerHost ?? (process.env['DOCKER_HOST'] || DEFAULT_ADDRESS);
  if (address.startsWith('unix://')) return { address, options: { socketPath: address.slice('unix://'.length) } };
  if (!URL.canParse(address)) throw unreadable();
  const url = new URL(address);
  const protocol = url.protocol === 'https:' ? 'https' : 'http';
  if (!['tcp:', 'http:', 'https:'].includes(url.protocol)) throw unreadable();
  return { address, options: { protocol, host: url.hostname, port: url.port === '' ? 2375 : Number(url.port) } };
}

function unreadable(): Error {
  return dockerError('CONFIG_INVALID', 'configure', 'dockerHost: is not an address of a Docker engine.', {
    suggestion: 'Use unix:///path/to/docker.sock or tcp://host:port.',
    details: { field: 'dockerHost' },
  });
}
