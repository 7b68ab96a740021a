import { SANDBOX_LIMIT_NAMES, type Language, type SandboxLimits } from '@sandport/core';
import type { ContainerCreateOptions } from 'dockerode';
import { imageOf, runtimeOf, type DockerProviderConfig } from './docker-provider-config.ts';

/** Label on everything that we create. */
export const OWNER_LABEL = 'io.sandport.owner';

/** Label that tells one provider object's containers from another's. */
export const POOL_LABEL = 'io.sandport.pool';

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
}

/** The profile that a sandbox needs: its own limits, and the configured ones for the rest. */
export function containerProfile(config: DockerProviderConfig, language: Language, limits: SandboxLimits): ContainerProfile {
  return {
    language,
    limits: {
      memoryBytes: limits.memoryBytes ?? config.memoryBytes,
      processes: limits.processes ?? config.processes,
      diskBytes: limits.diskBytes ?? config.diskBytes,
    },
  };
}

/** A text that is equal exactly for equal profiles. */
export function profileKey(profile: ContainerProfile): string {
  return [profile.language, ...SANDBOX_LIMIT_NAMES.map((name) => profile.limits[name])].join('/');
}

/**
 * How a sandbox's container is made. Everything that user code could use against the host or a neighbour is shut here: no network, no
 * capability for the program's user, no new privileges, nothing writable but two folders in memory, no path of the host.
 */
export function containerSpec(config: DockerProviderConfig, profile: ContainerProfile, poolId: string): ContainerCreateOptions {
  const { memoryBytes, processes, diskBytes } = profile.limits;
  return {
    Image: imageOf(config, profile.language),
    Entrypoint: ['/usr/bin/python3', '-I', '-B', '/opt/sandport/supervisor.py'],
    Cmd: [profile.language, String(memoryBytes), String(processes)],
    User: '0:0',
    WorkingDir: '/',
    Env: [],
    Labels: { [OWNER_LABEL]: 'sandport', [POOL_LABEL]: poolId },
    NetworkDisabled: true,
    Tty: false,
    AttachStdin: true,
    AttachStdout: true,
    AttachStderr: true,
    OpenStdin: true,
    // The engine closes the container's input when our connection ends, however it ends; the supervisor then exits.
    StdinOnce: true,
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
      NanoCpus: Math.round(config.cpus * 1e9),
      PidsLimit: config.isolation === 'gvisor' ? processes * GVISOR_TASKS_PER_PROCESS + GVISOR_OWN_TASKS : processes,
      Ulimits: [
        { Name: 'nofile', Soft: config.openFiles, Hard: config.openFiles },
        { Name: 'core', Soft: 0, Hard: 0 },
      ],
      Tmpfs: {
        '/workspace': `rw,exec,nosuid,nodev,size=${diskBytes},uid=${USER_ID},gid=${USER_ID},mode=0700`,
        '/tmp': `rw,exec,nosuid,nodev,size=${Math.min(diskBytes, 64 * MEBIBYTE)},uid=${USER_ID},gid=${USER_ID},mode=0700`,
      },
      // What the program writes goes to us alone and is never kept by the engine.
      LogConfig: { Type: 'none', Config: {} },
    },
  };
}
