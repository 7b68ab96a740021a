import type { Experimental_SandboxSession } from 'ai';
import { createSandboxSession } from './create-sandbox-session.ts';
import type { SandboxSession } from './owned-session.ts';
import { checkCommands } from './program/check-programs.ts';
import { checkSessionOptions, type SandboxSessionOptions } from './session-options.ts';

/** What a harness says of the session that it wants. */
export interface HarnessSessionRequest {
  /** Taken and not used: a sandbox that ended is not found again. */
  readonly sessionId?: string;
  readonly abortSignal?: AbortSignal;
  /** Taken and not used: every session begins in an unused sandbox. */
  readonly identity?: string;
  /** Called with each new sandbox, before it is handed over. */
  readonly onFirstCreate?: (session: Experimental_SandboxSession, options: { abortSignal?: AbortSignal }) => Promise<void>;
}

/** Gives the AI SDK's harnesses a sandbox for each of their sessions. */
export interface HarnessSandbox {
  readonly specificationVersion: 'harness-sandbox-v1';
  readonly providerId: string;
  /**
   * Makes a sandbox that nobody has used. The harness ends it.
   *
   * @throws SandboxError what making a sandbox throws; what `onFirstCreate` throws, with the sandbox ended.
   */
  createSession(request?: HarnessSessionRequest): Promise<SandboxSession>;
}

/**
 * Puts a provider's sandboxes behind the AI SDK's interface for harnesses, which then take them as they take those of a service. No I/O happens before a session is
 * wanted. Sessions cannot be resumed: there is no `resumeSession`, which harnesses say to whoever asks.
 *
 * @throws SandboxError `CAPABILITY_UNSUPPORTED` where the provider runs no commands, which harnesses need; `REQUEST_INVALID`, `LANGUAGE_UNSUPPORTED` for an option.
 */
export function createHarnessSandbox(options: SandboxSessionOptions): HarnessSandbox {
  const { runner, language } = checkSessionOptions(options);
  checkCommands(runner.capabilities, language);
  return {
    specificationVersion: 'harness-sandbox-v1',
    providerId: 'sandport',
    createSession: async ({ abortSignal, onFirstCreate } = {}) => {
      const session = await createSandboxSession(options, { signal: abortSignal });
      try {
        await onFirstCreate?.(session.restricted(), abortSignal === undefined ? {} : { abortSignal });
      } catch (error) {
        await session.stop();
        throw error;
      }
      return session;
    },
  };
}
