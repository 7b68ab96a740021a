import type { HealthCheck } from '@sandport/core';
import { z } from 'zod';

/** The engines that are told apart. Others that speak the same API count as Docker. */
export const ENGINE_KINDS = ['docker', 'rootless-docker', 'docker-desktop', 'podman'] as const;

/** One of {@link ENGINE_KINDS}. */
export type EngineKind = (typeof ENGINE_KINDS)[number];

/** What the engine says of itself, as far as we look at it. */
export interface EngineFacts {
  readonly kind: EngineKind;
  readonly version: string;
  readonly operatingSystem: string;
  readonly runtimes: readonly string[];
  readonly cgroupVersion: string;
  /** Processor architecture, for example `x86_64`. */
  readonly architecture: string;
  readonly isRootless: boolean;
  /** Which limits of a container the engine can have its kernel keep. */
  readonly keeps: { readonly memory: boolean; readonly swap: boolean; readonly processes: boolean; readonly cpus: boolean };
  /** Its clock, in milliseconds since the epoch. */
  readonly timeMs: number;
}

/** The part of the engine's own description that we read. Podman leaves some of it out. */
export const engineInfoSchema = z.object({
  ServerVersion: z.string().default('unknown'),
  OperatingSystem: z.string().default('unknown'),
  Runtimes: z.record(z.string(), z.unknown()).nullish(),
  CgroupVersion: z.string().default('1'),
  CgroupDriver: z.string().default('unknown'),
  Architecture: z.string().default('unknown'),
  SecurityOptions: z.array(z.string()).nullish(),
  Rootless: z.boolean().default(false),
  MemoryLimit: z.boolean().default(true),
  SwapLimit: z.boolean().default(true),
  PidsLimit: z.boolean().default(true),
  CpuCfsQuota: z.boolean().default(true),
  SystemTime: z.string().optional(),
});

/** The part of `/version` that we read. */
export const engineVersionSchema = z.object({ Components: z.array(z.object({ Name: z.string() })).nullish() });

const KIND_NAMES: Record<EngineKind, string> = {
  docker: 'Docker',
  'rootless-docker': 'Docker (rootless)',
  'docker-desktop': 'Docker Desktop',
  podman: 'Podman',
};

/** Puts together what an engine says of itself in `/info` and `/version`. */
export function engineFacts(info: z.output<typeof engineInfoSchema>, version: z.output<typeof engineVersionSchema>): EngineFacts {
  const isRootless = info.Rootless || (info.SecurityOptions ?? []).some((option) => option.split(',').includes('name=rootless'));
  const hasCgroups = info.CgroupDriver !== 'none';
  const timeMs = Date.parse(info.SystemTime ?? '');
  return {
    kind: kindOf(info, version, isRootless),
    version: info.ServerVersion,
    operatingSystem: info.OperatingSystem,
    runtimes: Object.keys(info.Runtimes ?? {}),
    cgroupVersion: info.CgroupVersion,
    architecture: info.Architecture,
    isRootless,
    keeps: {
      memory: hasCgroups && info.MemoryLimit,
      swap: hasCgroups && info.SwapLimit,
      processes: hasCgroups && info.PidsLimit,
      cpus: hasCgroups && info.CpuCfsQuota,
    },
    timeMs: Number.isNaN(timeMs) ? Date.now() : timeMs,
  };
}

/** The engine's name for people, for example `Podman 4.3.1 (rootless)`. */
export function engineName({ kind, version, isRootless }: EngineFacts): string {
  return `${KIND_NAMES[kind]} ${version}${kind === 'podman' && isRootless ? ' (rootless)' : ''}`;
}

/** What is weaker with this engine than with Docker as the system's service, each with its remedy. */
export function engineWeaknesses(facts: EngineFacts): HealthCheck[] {
  const unkept = Object.entries(facts.keeps).flatMap(([name, isKept]) => (isKept ? [] : [name]));
  const checks: HealthCheck[] = [];
  if (unkept.length > 0) {
    checks.push({
      name: 'engine.limits',
      status: 'warning',
      message: `This engine cannot limit: ${unkept.join(', ')}. A program can take what it likes of it.`,
      remedy: facts.isRootless
        ? 'Boot the machine with cgroup v2 and delegate its controllers to the user ("systemctl edit user@.service": Delegate=cpu cpuset io memory pids).'
        : 'Enable the missing cgroup controllers on the machine of the engine.',
    });
  }
  return facts.kind === 'docker' ? checks : [...checks, KIND_WEAKNESSES[facts.kind]];
}

const KIND_WEAKNESSES: Record<Exclude<EngineKind, 'docker'>, HealthCheck> = {
  'rootless-docker': {
    name: 'engine.kind',
    status: 'warning',
    message:
      'A rootless engine can limit only what the system has delegated to its user, and gVisor needs "--ignore-cgroups" where nothing was.',
    remedy: 'Check with "docker info" that it warns of no limit that is not supported; see docs/engines.md.',
  },
  'docker-desktop': {
    name: 'engine.kind',
    status: 'warning',
    message:
      'Docker Desktop runs containers in a virtual machine: the kernel of that machine is not to be seen from here, so a lack of memory under gVisor often cannot be proven.',
    remedy: 'Use it for development; for a service, use a Docker Engine on Linux. See docs/engines.md.',
  },
  podman: {
    name: 'engine.kind',
    status: 'warning',
    message: 'Podman names runtimes that are not installed, starts containers more slowly, and was tried with runc only.',
    remedy: 'Use Docker where you need gVisor; see docs/engines.md.',
  },
};

function kindOf(info: z.output<typeof engineInfoSchema>, version: z.output<typeof engineVersionSchema>, isRootless: boolean): EngineKind {
  if ((version.Components ?? []).some(({ Name: name }) => name === 'Podman Engine')) return 'podman';
  if (info.OperatingSystem === 'Docker Desktop') return 'docker-desktop';
  return isRootless ? 'rootless-docker' : 'docker';
}
