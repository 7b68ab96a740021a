import {
  EXECUTION_LIMIT_RANGES,
  REQUEST_LIMITS,
  SANDBOX_LIMIT_NAMES,
  SANDBOX_LIMIT_RANGES,
  type SandboxLimits,
} from './execution/execution-limits.ts';
import type { ExecutionRequest, NetworkPolicy } from './execution/execution-request.ts';
import { SandboxError } from './errors/sandbox-error.ts';
import type { Language } from './language.ts';
import type { ProviderCapabilities } from './provider-capabilities.ts';
import type { CreateSandboxOptions } from './sandbox.ts';

/** What of a request belongs to the sandbox that will run it. */
export function sandboxOptionsOf(request: ExecutionRequest): CreateSandboxOptions {
  return {
    language: request.language,
    limits: request.sandboxLimits,
    network: request.network,
    tenant: request.tenant,
    maxWaitMs: request.maxWaitMs,
  };
}

/**
 * Refuses a request that the provider declares it cannot serve.
 *
 * @throws SandboxError `LANGUAGE_UNSUPPORTED`, `CAPABILITY_UNSUPPORTED` or `REQUEST_INVALID`, naming the field.
 */
export function checkRequestAgainstCapabilities(providerId: string, capabilities: ProviderCapabilities, request: ExecutionRequest): void {
  checkSandboxOptions(providerId, capabilities, sandboxOptionsOf(request));
  if (request.files.size > 0 && !capabilities.files) throw unsupported(providerId, 'files', 'input files');
  if (Object.keys(request.environment).length > 0 && !capabilities.environment)
    throw unsupported(providerId, 'environment', 'environment variables');
  if (!capabilities.stdin && !(request.stdin instanceof Uint8Array && request.stdin.byteLength === 0))
    throw unsupported(providerId, 'stdin', 'standard input');
  for (const name of EXECUTION_MAXIMA) {
    checkMaximum(providerId, `limits.${name}`, request.limits[name], capabilities.maxima[name] ?? EXECUTION_LIMIT_RANGES[name].max);
  }
}

/** Limits of an execution for which a provider may declare a maximum of its own. */
const EXECUTION_MAXIMA = ['timeoutMs', 'outputBytes', 'artifactCount', 'artifactTotalBytes'] as const;

/**
 * Refuses a sandbox that the provider declares it cannot make.
 *
 * @throws SandboxError `LANGUAGE_UNSUPPORTED`, `CAPABILITY_UNSUPPORTED` or `REQUEST_INVALID`, naming the field.
 */
export function checkSandboxOptions(providerId: string, capabilities: ProviderCapabilities, options: CreateSandboxOptions): void {
  checkLanguage(providerId, capabilities, options.language);
  checkNetwork(providerId, capabilities, options.network ?? 'none');
  checkLimits(providerId, capabilities, options.limits ?? {});
  checkLifetime(providerId, capabilities, 'idleTimeoutMs', options.idleTimeoutMs);
  checkLifetime(providerId, capabilities, 'lifetimeMs', options.lifetimeMs);
  checkWait(providerId, options.maxWaitMs);
  if (options.reconnectable === true && !capabilities.reconnect)
    throw unsupported(providerId, 'reconnectable', 'sandboxes that outlive their maker');
}

/**
 * Refuses a time that a sandbox cannot be kept for.
 *
 * @throws SandboxError `CAPABILITY_UNSUPPORTED` or `REQUEST_INVALID`, naming the field.
 */
export function checkLifetime(
  providerId: string,
  capabilities: ProviderCapabilities,
  field: 'idleTimeoutMs' | 'lifetimeMs',
  value: number | undefined,
): void {
  if (value === undefined) return;
  if (!capabilities.lifetimes) throw unsupported(providerId, field, 'lifetimes of sandboxes');
  if (!Number.isInteger(value) || value < MIN_LIFETIME_MS) {
    throw outOfRange(providerId, field, `must be a whole number of at least ${MIN_LIFETIME_MS}`);
  }
  checkMaximum(providerId, field, value, capabilities.maxima.lifetimeMs ?? REQUEST_LIMITS.lifetimeMs);
}

/** Shorter than this, a sandbox would end while it is being handed over. */
const MIN_LIFETIME_MS = 100;

function checkWait(providerId: string, maxWaitMs: number | undefined): void {
  if (maxWaitMs === undefined) return;
  if (!Number.isInteger(maxWaitMs) || maxWaitMs < 0) throw outOfRange(providerId, 'maxWaitMs', 'must be a whole number of at least 0');
  checkMaximum(providerId, 'maxWaitMs', maxWaitMs, REQUEST_LIMITS.maxWaitMs);
}

function checkLanguage(providerId: string, capabilities: ProviderCapabilities, language: Language): void {
  if (capabilities.languages.includes(language)) return;
  throw new SandboxError('LANGUAGE_UNSUPPORTED', `language: the provider "${providerId}" does not run ${language}.`, {
    providerId,
    suggestion: `It runs ${capabilities.languages.join(' and ')}.`,
    details: { field: 'language' },
  });
}

function checkNetwork(providerId: string, capabilities: ProviderCapabilities, network: NetworkPolicy): void {
  if (!capabilities.network.includes(network)) throw unsupported(providerId, 'network', `the network policy "${network}"`);
}

function checkLimits(providerId: string, capabilities: ProviderCapabilities, limits: SandboxLimits): void {
  const kept = {
    memoryBytes: capabilities.limits.memory,
    processes: capabilities.limits.processes,
    diskBytes: capabilities.limits.disk,
    cpus: capabilities.limits.cpus,
    openFiles: capabilities.limits.openFiles,
  };
  for (const name of SANDBOX_LIMIT_NAMES) {
    const value = limits[name];
    if (value === undefined) continue;
    if (!kept[name]) throw unsupported(providerId, `limits.${name}`, 'this limit');
    const mustBeWhole = name !== 'cpus';
    if (!Number.isFinite(value) || (mustBeWhole && !Number.isInteger(value)) || value < SANDBOX_LIMIT_RANGES[name].min) {
      const kind = mustBeWhole ? 'whole number' : 'number';
      throw outOfRange(providerId, `limits.${name}`, `must be a ${kind} of at least ${SANDBOX_LIMIT_RANGES[name].min}`);
    }
    checkMaximum(providerId, `limits.${name}`, value, capabilities.maxima[name] ?? SANDBOX_LIMIT_RANGES[name].max);
  }
}

function checkMaximum(providerId: string, field: string, value: number, maximum: number): void {
  if (value > maximum) throw outOfRange(providerId, field, `must be at most ${maximum}`);
}

function outOfRange(providerId: string, field: string, message: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `${field}: ${message} for the provider "${providerId}".`, {
    providerId,
    suggestion: `Choose a value of "${field}" within the range, or let the operator change the range.`,
    details: { field },
  });
}

function unsupported(providerId: string, field: string, what: string): SandboxError {
  return new SandboxError('CAPABILITY_UNSUPPORTED', `${field}: the provider "${providerId}" does not support ${what}.`, {
    providerId,
    suggestion: `Leave "${field}" out, or choose another provider.`,
    details: { field },
  });
}
