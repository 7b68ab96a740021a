import { SandboxError, type SandboxProvider } from '@sandport/core';

/** Milliseconds in which a provider must have closed, with everything that it made. */
const CLOSE_BOUND_MS = 15_000;

/**
 * Closes a provider, and waits no longer than 15 seconds for it.
 *
 * @throws SandboxError `DEADLINE_EXCEEDED`, or what `close` throws.
 */
export async function closeProvider(provider: SandboxProvider, boundMs = CLOSE_BOUND_MS): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(notClosed(provider.id, boundMs)), boundMs);
  });
  try {
    await Promise.race([provider.close(), late]);
  } finally {
    clearTimeout(timer);
  }
}

function notClosed(providerId: string, boundMs: number): SandboxError {
  return new SandboxError('DEADLINE_EXCEEDED', `The provider "${providerId}" did not close within ${boundMs / 1000} s.`, {
    providerId,
    operation: 'close',
    suggestion: 'Look at the far side for what it may have left; what is left there ends by its own time limits.',
  });
}
