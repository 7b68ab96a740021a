// @ts-check
import { secondsSince } from '../setup/progress.mjs';
import { ToolFailedError } from '../setup/run-tool.mjs';
import { checkSteps } from './steps.mjs';

/**
 * Runs the static checks in order and stops at the first that fails.
 *
 * @param {{ log: (line: string) => void, signal: AbortSignal, steps?: readonly import('./steps.mjs').CheckStep[] }} options
 * @returns {Promise<{ passed: number, failed: number }>} how many steps
 */
export async function runChecks({ log, signal, steps = checkSteps }) {
  let passed = 0;
  for (const step of steps) {
    const startedAt = performance.now();
    try {
      await step.run(signal);
    } catch (error) {
      if (!(error instanceof ToolFailedError)) throw error;
      log(`FAILED ${step.title} (${secondsSince(startedAt)}): ${error.message}`);
      for (const line of error.output.trim().split('\n')) log(line);
      return { passed, failed: 1 };
    }
    log(`ok ${step.title} (${secondsSince(startedAt)})`);
    passed += 1;
  }
  return { passed, failed: 0 };
}
