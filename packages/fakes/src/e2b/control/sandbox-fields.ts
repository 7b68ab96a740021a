import { findE2bFault } from '../e2b-fault.ts';
import type { Call } from '../call.ts';
import type { E2bSandbox } from '../state/e2b-sandbox.ts';

const CPU_COUNT = 2;
const MEMORY_MB = 512;
const DISK_MB = 1_024;

/** Versions that no client can use. */
const badVersions = { missing: undefined, garbage: 'not-a-version', 'too-old': '0.0.9' } as const;

/** A sandbox in the answer to its creation, and to a connection: the only places that have its tokens. */
export function connectionFields(call: Call, sandbox: E2bSandbox): Record<string, unknown> {
  const { template } = sandbox.plan;
  const { trafficAccessToken, domain } = call.state.settings;
  const bad = findE2bFault(call.faults, 'bad-envd-version');
  const lacksToken = findE2bFault(call.faults, 'missing-token') !== undefined;
  return {
    sandboxID: sandbox.id,
    templateID: template.templateId,
    alias: template.name,
    clientID: 'sandport',
    envdVersion: bad === undefined ? template.envdVersion : badVersions[bad.value],
    envdAccessToken: lacksToken ? undefined : sandbox.envdAccessToken,
    trafficAccessToken,
    domain,
  };
}

/** A sandbox in a list. */
export function listedFields(sandbox: E2bSandbox): Record<string, unknown> {
  const { template, metadata } = sandbox.plan;
  return {
    sandboxID: sandbox.id,
    templateID: template.templateId,
    alias: template.name,
    clientID: 'sandport',
    startedAt: new Date(sandbox.startedAtMs).toISOString(),
    endAt: new Date(sandbox.endAtMs).toISOString(),
    state: sandbox.state,
    cpuCount: CPU_COUNT,
    memoryMB: MEMORY_MB,
    diskSizeMB: DISK_MB,
    metadata,
    envdVersion: template.envdVersion,
  };
}

/** A sandbox that was asked for by itself. */
export function detailFields(call: Call, sandbox: E2bSandbox): Record<string, unknown> {
  return {
    ...listedFields(sandbox),
    envdAccessToken: sandbox.envdAccessToken,
    domain: call.state.settings.domain,
    allowInternetAccess: sandbox.allowInternetAccess,
    network: sandbox.network,
    lifecycle: { onTimeout: sandbox.plan.autoPause ? 'pause' : 'kill', autoResume: false },
  };
}

/** What a sandbox uses: made up, apart from the time. */
export function metricFields(nowMs: number): Record<string, unknown> {
  return {
    timestamp: new Date(nowMs).toISOString(),
    timestampUnix: Math.floor(nowMs / 1_000),
    cpuCount: CPU_COUNT,
    cpuUsedPct: 1,
    memTotal: MEMORY_MB * 1_048_576,
    memUsed: 64 * 1_048_576,
    memCache: 0,
    diskTotal: DISK_MB * 1_048_576,
    diskUsed: 16 * 1_048_576,
  };
}
