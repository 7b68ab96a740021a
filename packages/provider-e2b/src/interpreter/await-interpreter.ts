import { setTimeout as delay } from 'node:timers/promises';
import { isPassing } from '@sandport/provider-kit';
import { e2bError } from '../e2b-errors.ts';
import { E2bFailure } from '../http/e2b-failure.ts';
import type { InterpreterClient } from './interpreter-client.ts';

/** Shorter than callers wait for a sandbox by default: they are to hear what it was that did not come. */
const READY_TIMEOUT_MS = 20_000;
const HEALTH_TIMEOUT_MS = 5000;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;

/**
 * Waits until the interpreter of a new sandbox takes calls: its port opens later than the sandbox.
 *
 * @throws SandboxError `RUNTIME_MISSING` when it stays closed; E2bFailure when it is refused.
 */
export async function awaitInterpreter(client: InterpreterClient, signal: AbortSignal): Promise<void> {
  const until = Date.now() + READY_TIMEOUT_MS;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2)) {
    try {
      if (await client.isReady({ signal, timeoutMs: HEALTH_TIMEOUT_MS })) return;
    } catch (error) {
      if (!(error instanceof E2bFailure) || !isPassing(error)) throw error;
    }
    if (Date.now() > until) break;
    await delay(pauseMs, undefined, { signal });
  }
  throw e2bError('RUNTIME_MISSING', 'start supervisor', 'The sandbox has no code interpreter: nothing listens at its port 49999.', {
    suggestion: 'Choose a template that has one, such as "code-interpreter-v1", or "commands" as "way".',
    details: { reason: 'no-interpreter' },
  });
}
