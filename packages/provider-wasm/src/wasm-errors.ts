import { SandboxError, type SandboxErrorCode, type SandboxErrorOptions } from '@sandport/core';
import { ProviderTerms } from '@sandport/provider-kit';

/** The provider's id, as stored. */
export const PROVIDER_ID = 'wasm';

/** How this provider speaks of what its programs run in. */
export const WASM_TERMS = new ProviderTerms({
  providerId: PROVIDER_ID,
  instance: 'child process',
  instances: 'child processes',
  capacityField: 'maxChildren',
  advice: {
    lost: 'Look at the memory of the machine and at what ends processes there.',
    protocol: 'Install the packages again; if it happens again, the child process was compromised.',
    slow: 'Look at the load of the machine.',
    broken: 'Run "sandport doctor"; the cause holds the failure.',
  },
});

/** A SandboxError of this provider. */
export function wasmError(code: SandboxErrorCode, operation: string, message: string, options: SandboxErrorOptions = {}): SandboxError {
  return WASM_TERMS.error(code, operation, message, options);
}

/** What went wrong, in the contract's terms. */
export function toWasmError(error: unknown, operation: string): SandboxError {
  if (SandboxError.isInstance(error)) return error;
  return wasmError('PROVIDER_UNAVAILABLE', operation, `This machine could not ${operation}.`, {
    suggestion: 'Look at the cause.',
    cause: error,
  });
}
