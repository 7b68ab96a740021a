import { randomBytes } from 'node:crypto';
import { REQUEST_LIMITS, SANDBOX_LIMIT_NAMES, type CreateSandboxOptions, type Language, type SandboxLimits } from '@sandport/core';
import type { ContainerCreateOptions } from 'dockerode';
import { imageOf, preloadOf, runtimeOf, type DockerProviderConfig } from './docker-provider-config.ts';
import type { EngineKind } from './engine/engine-facts.ts';
import { leaseLabels } from './lease/lease-labels.ts';

/** Label on everything that we create. */
export const OWNER_LABEL = 'io.sandport.owner';

/** Label that tells one provider object's containers from another's. */
export const POOL_LABEL = 'io.sandport.pool';

/** Labels from which another process learns how to connect to a container, and what it is. */
export const TOKEN_LABEL = 'io.sandport.reconnect-token';
export const PROFILE_LABEL = 'io.sandport.profile';

/** User and group of the program; the supervisor's guest half has the same number. */
const USER_ID = 65_534;

/**
 * What a process inside gVisor and gVisor itself are on the host, at most, counted in tasks. The limit of processes is kept by gVisor's
 * own kernel (`guest/child.py`); the engine's is the net below it.
 */
const GVISOR_TASKS_PER_PROCESS = 4;
const GVISOR_OWN_TASKS = 512;

const MEBIBYTE = 1024 * 1024;

/** What distinguishes one kind of container from another within a provider. */
export interface ContainerProfile {
  readonly language: Language;
  readonly limits: Required<{ readonly [Name in keyof SandboxLimits]: number }>;
  /** The container outlives the connection of its maker. */
  readonly isReconnectable: boolean;
}

/** The profile that a sandbox needs: its own limits, and the configured ones for the rest. */
export function containerProfile(
  config: DockerProviderConfig,
  { language, limits = {}, reconnectable = false }: Pick<CreateSandboxOptions, 'language' | 'limits' | 'reconnectable'>,
): ContainerProfile {
  return {
    language,
    isReconnectable: reconnectable,
    limits: {
      memoryBytes: limits.memoryBytes ?? config.memoryBytes,
      processes: limits.processes ?? config.processes,
      diskBytes: limits.diskBytes ?? config.diskBytes,
      cpus: limits.cpus ?? config.cpus,
      openFiles: limits.openFiles ?? config.openFiles,
    },
  };
}

/** A text that is equal exactly for equal profiles. */
export function profileKey(profile: ContainerProfile): string {
  return [profile.language, profile.isReconnectable, ...SANDBOX_LIMIT_NAMES.map((name) => profile.limits[name])].join('/');
}

/**
 * How a sandbox's container is made. Everything that user code could use against the host or a neighbour is shut here: no network, no
 * capability for the program's user, no new privileges, nothing writable but two folders in memory, no path of the host.
 */
export function containerSpec(
  config: DockerProviderConfig,
  profile: ContainerProfile,
  poolId: string,
  engineKind: EngineKind,
): ContainerCreateOptions {
  const { memoryBytes, processes, diskBytes, cpus, openFiles } = profile.limits;
  const { language, isReconnectable } = profile;
  // Podman's folders in memory can have no owner but root; nobody else is in there.
  const access = engineKind === 'podman' ? 'mode=0777' : `uid=${USER_ID},gid=${USER_ID},mode=0770`;
  return {
    Image: imageOf(config, profile.language),
    Entrypoint: ['/usr/bin/python3', '-I', '-B', '/opt/sandport/supervisor.py'],
    Cmd: [JSON.stringify({ language, memoryBytes, processes, reconnectable: isReconnectable, preload: preloadOf(config, language) })],
    User: '0:0',
    WorkingDir: '/',
    Env: [],
    Labels: {
      [OWNER_LABEL]: 'sandport',
      [POOL_LABEL]: poolId,
      ...leaseLabels(isReconnectable ? REQUEST_LIMITS.lifetimeMs : null),
      ...reconnectLabels(profile),
    },
    NetworkDisabled: true,
    Tty: false,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    // The engine closes the container's input when our connection ends, however it ends; the supervisor then exits. Where it may be connected to again,
    // the supervisor keeps its time itself.
    StdinOnce: !isReconnectable,
    StopSignal: 'SIGKILL',
    HostConfig: {
      Runtime: runtimeOf(config),
      NetworkMode: 'none',
      AutoRemove: true,
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      // For the supervisor alone: to start the program as another user, and to end it.
      CapAdd: ['SETUID', 'SETGID', 'KILL'],
      SecurityOpt: ['no-new-privileges'],
      IpcMode: 'private',
      ShmSize: 16 * MEBIBYTE,
      Memory: memoryBytes,
      MemorySwap: memoryBytes,
      NanoCpus: Math.round(cpus * 1e9),
      PidsLimit: config.isolation === 'gvisor' ? processes * GVISOR_TASKS_PER_PROCESS + GVISOR_OWN_TASKS : processes,
      Ulimits: [
        { Name: 'nofile', Soft: openFiles, Hard: openFiles },
        { Name: 'core', Soft: 0, Hard: 0 },
      ],
      Tmpfs: {
        '/workspace': `rw,exec,nosuid,nodev,size=${diskBytes},${access}`,
        '/tmp': `rw,exec,nosuid,nodev,size=${Math.min(diskBytes, 64 * MEBIBYTE)},${access}`,
      },
      // What the program writes goes to us alone and is never kept by the engine.
      LogConfig: { Type: 'none', Config: {} },
    },
  };
}

/** The token lies with the engine, whose users may do anything with the container anyway; nothing inside learns it before programs are born. */
function reconnectLabels(profile: ContainerProfile): Record<string, string> {
  if (!profile.isReconnectable) return {};
  return { [TOKEN_LABEL]: randomBytes(TOKEN_BYTES).toString('hex'), [PROFILE_LABEL]: JSON.stringify(profile) };
}

const TOKEN_BYTES = 32;
