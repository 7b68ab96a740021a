import { statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Secret } from '@sandport/core';
import { dockerError } from '../docker-errors.ts';
import { currentContext, DEFAULT_CONTEXT, readContext } from './docker-contexts.ts';
import { readAddress } from './engine-address.ts';
import type { EngineLocation, EngineTls } from './engine-location.ts';
import { readTlsFolder } from './tls-files.ts';

/** What the configuration says of the way to the engine. A configuration of this provider is one. */
export interface EngineAccess {
  /** Its address. @default found as the `docker` command finds it */
  readonly dockerHost?: string | undefined;
  /** Certificates of the authorities that are believed, in PEM. */
  readonly tlsCa?: string | undefined;
  /** Our own certificate, in PEM. */
  readonly tlsCert?: string | undefined;
  /** The key of our own certificate, in PEM. */
  readonly tlsKey?: Secret | undefined;
}

/** Where the system is looked at, so that a test can show another one. */
export interface Surroundings {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly systemSocket: string;
  readonly systemPodmanSocket: string;
}

const THIS_SYSTEM: Surroundings = {
  environment: process.env,
  systemSocket: '/var/run/docker.sock',
  systemPodmanSocket: '/run/podman/podman.sock',
};

/**
 * Finds the engine as the `docker` command does: the configuration, `DOCKER_HOST`, the chosen context, the system's socket. Where that is absent, the sockets
 * of rootless Docker, Docker Desktop and Podman are tried too.
 *
 * @throws SandboxError `CONFIG_INVALID` when what names the engine cannot be read.
 */
export function locateEngine(access: EngineAccess, surroundings: Surroundings = THIS_SYSTEM): EngineLocation {
  const { environment } = surroundings;
  const folder = configFolder(environment);
  const given = access.dockerHost === undefined ? (environment['DOCKER_HOST'] ?? '') : access.dockerHost;
  const giver = access.dockerHost === undefined ? 'DOCKER_HOST' : 'the field "dockerHost"';
  if (given !== '')
    return readAddress(given, giver, given.startsWith('unix:') ? null : (configuredTls(access) ?? environmentTls(environment, folder)));
  const named = environment['DOCKER_CONTEXT'] ?? '';
  const context = named === '' ? currentContext(folder) : named;
  if (context !== undefined && context !== DEFAULT_CONTEXT)
    return readContext(folder, context, named === '' ? 'config.json' : 'DOCKER_CONTEXT');
  return locateSocket(surroundings);
}

/** Whether an engine could listen at this place: for a socket, that it is there. */
export function isPresent({ endpoint }: EngineLocation): boolean {
  return 'host' in endpoint || isSocket(endpoint.socketPath);
}

function locateSocket(surroundings: Surroundings): EngineLocation {
  const fallback = { path: surroundings.systemSocket, source: 'the default socket' };
  const found = [fallback, ...wellKnownSockets(surroundings)].find(({ path }) => isSocket(path)) ?? fallback;
  return readAddress(`unix://${found.path}`, found.source, null);
}

function wellKnownSockets({ environment, systemPodmanSocket }: Surroundings): { path: string; source: string }[] {
  const home = homeOf(environment);
  const runtimeFolder = environment['XDG_RUNTIME_DIR'] || `/run/user/${process.getuid?.() ?? 0}`;
  return [
    { path: join(runtimeFolder, 'docker.sock'), source: 'the socket of rootless Docker' },
    { path: join(home, '.docker', 'run', 'docker.sock'), source: 'the socket of Docker Desktop' },
    { path: join(home, '.docker', 'desktop', 'docker.sock'), source: 'the socket of Docker Desktop' },
    { path: join(runtimeFolder, 'podman', 'podman.sock'), source: "the socket of this user's Podman" },
    { path: systemPodmanSocket, source: "the socket of the system's Podman" },
  ];
}

function configuredTls({ tlsCa, tlsCert, tlsKey }: EngineAccess): EngineTls | null {
  if (tlsCa === undefined && tlsCert === undefined && tlsKey === undefined) return null;
  if ((tlsCert === undefined) !== (tlsKey === undefined)) {
    const field = tlsCert === undefined ? 'tlsCert' : 'tlsKey';
    throw dockerError('CONFIG_INVALID', 'configure', `${field}: is needed when the other one is given.`, {
      suggestion: 'Give both "tlsCert" and "tlsKey", or neither.',
      details: { field },
    });
  }
  return {
    ...(tlsCa === undefined ? {} : { ca: tlsCa }),
    ...(tlsCert === undefined ? {} : { cert: tlsCert }),
    ...(tlsKey === undefined ? {} : { key: tlsKey.reveal() }),
    isVerified: true,
  };
}

/** As the `docker` command: `DOCKER_TLS_VERIFY` demands a certificate of the engine that can be checked, `DOCKER_TLS` only encrypts. */
function environmentTls(environment: Surroundings['environment'], folder: string): EngineTls | null {
  const isVerified = (environment['DOCKER_TLS_VERIFY'] ?? '') !== '';
  if (!isVerified && (environment['DOCKER_TLS'] ?? '') === '') return null;
  const { isEmpty: _isEmpty, ...tls } = readTlsFolder(environment['DOCKER_CERT_PATH'] || folder, isVerified);
  return tls;
}

function configFolder(environment: Surroundings['environment']): string {
  return environment['DOCKER_CONFIG'] || join(homeOf(environment), '.docker');
}

function homeOf(environment: Surroundings['environment']): string {
  return environment['HOME'] || homedir();
}

function isSocket(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isSocket() ?? false;
  } catch (error) {
    // In a folder that we may not enter there is nothing for us.
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
