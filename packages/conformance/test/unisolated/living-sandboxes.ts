import type { HostSandbox } from './host-sandbox.ts';

/** Every sandbox of this process that has not ended, by its id: what an engine knows of, whoever asks. */
export const LIVING_SANDBOXES = new Map<string, HostSandbox>();
