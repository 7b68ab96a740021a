import { SANDBOX_LIMIT_NAMES, SANDBOX_LIMIT_RANGES, type SandboxLimits } from './execution/execution-limits.ts';
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
  checkMaximum(providerId, 'limits.timeoutMs', request.limits.timeoutMs, capabilities.maxima.timeoutMs);
}

/**
 * Refuses a sandbox that the provider declares it cannot make.
 *
 * @throws SandboxError `LANGUAGE_UNSUPPORTED`, `CAPABILITY_UNSUPPORTED` or `REQUEST_INVALID`, naming the field.
 */
export function checkSandboxOptions(providerId: string, capabilities: ProviderCapabilities, options: CreateSandboxOptions): void {
  checkLanguage(providerId, capabilities, options.language);
  checkNetwork(providerId, capabilities, options.network ?? 'none');
  checkLimits(providerId, capabilities, options.limits ?? {});
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
  };
  for (const name of SANDBOX_LIMIT_NAMES) {
    const value = limits[name];
    if (value === undefined) continue;
    if (!kept[name]) throw unsupported(providerId, `limits.${name}`, 'this limit');
    if (!Number.isInteger(value) || value < SANDBOX_LIMIT_RANGES[name].min) {
      throw outOfRange(providerId, `limits.${name}`, `must be a whole number of at least ${SANDBOX_LIMIT_RANGES[name].min}`);
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
