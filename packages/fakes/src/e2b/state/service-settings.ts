import type { SandboxHost } from '../../execution/sandbox-host.ts';
import type { E2bOperation } from '../e2b-operation.ts';
import type { E2bDialect, FakeE2bOptions, FakeE2bTemplate } from '../fake-e2b.ts';

const defaultTemplates: Readonly<Record<string, FakeE2bTemplate>> = {
  base: {},
  'code-interpreter-v1': { codeInterpreter: true },
};

/** A template with all that it says. */
export interface SandboxTemplate {
  readonly name: string;
  readonly templateId: string;
  readonly hasInterpreter: boolean;
  readonly hasCommands: boolean;
  readonly envdVersion: string;
}

/** The options with their defaults, and what was found on this machine. */
export interface ServiceSettings {
  readonly accessToken: string | undefined;
  readonly dialects: ReadonlySet<E2bDialect>;
  readonly absent: ReadonlySet<E2bOperation>;
  readonly absentStatus: 404 | 405 | 501;
  readonly templates: readonly SandboxTemplate[];
  readonly maxSandboxes: number;
  readonly capacityStatus: 429 | 503;
  readonly maxLifetimeSeconds: number;
  readonly maxDiskBytes: number;
  readonly maxBodyBytes: number;
  readonly now: () => number;
  readonly keepAlives: boolean;
  readonly interpreterKeepAliveMs: number;
  readonly trafficAccessToken: string | undefined;
  readonly domain: string | undefined;
  readonly host: SandboxHost;
}

export function resolveSettings(options: FakeE2bOptions, host: SandboxHost): ServiceSettings {
  const templates = Object.entries(options.templates ?? defaultTemplates).map(([name, template]) => ({
    name,
    templateId: template.templateId ?? name,
    hasInterpreter: template.codeInterpreter ?? false,
    hasCommands: template.commands ?? true,
    envdVersion: template.envdVersion ?? options.envdVersion ?? '0.5.7',
  }));
  return {
    accessToken: options.accessToken,
    dialects: new Set(options.dialects ?? ['v1', 'v2']),
    absent: new Set(options.absent),
    absentStatus: options.absentStatus ?? 404,
    templates,
    maxSandboxes: options.maxSandboxes ?? 100,
    capacityStatus: options.capacityStatus ?? 429,
    maxLifetimeSeconds: options.maxLifetimeSeconds ?? 86_400,
    maxDiskBytes: options.maxDiskBytes ?? 512 * 1024 * 1024,
    maxBodyBytes: options.maxBodyBytes ?? 128 * 1024 * 1024,
    now: options.now ?? Date.now,
    keepAlives: options.keepAlives ?? true,
    interpreterKeepAliveMs: options.interpreterKeepAliveMs ?? 5_000,
    trafficAccessToken: options.trafficAccessToken,
    domain: options.domain,
    host,
  };
}
