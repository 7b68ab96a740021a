import { setTimeout as delay } from 'node:timers/promises';
import { SandboxError, type Sandbox } from '@sandport/core';
import { expectEqual, expectTrue } from '../expectations.ts';

/** Milliseconds in which a process that still ran would have written again. */
const SILENCE_MS = 300;

/** One-line programs that cannot be asked to end and add to the file `beat` every 50 ms for 4 seconds. */
export const BEATING = {
  python:
    'import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nfor _ in range(80):\n' +
    '    open("beat", "a").write("x")\n    time.sleep(0.05)',
  javascript:
    "process.on('SIGTERM', () => {}); let left = 80; const timer = setInterval(() => { require('node:fs').appendFileSync('beat', 'x'); " +
    'left -= 1; if (left === 0) clearInterval(timer); }, 50)',
};

/** No process of the call adds to the file `beat` any more. A sandbox that is gone has none. */
export async function expectSilence(sandbox: Sandbox): Promise<void> {
  const before = await beatsIn(sandbox);
  await delay(SILENCE_MS);
  const after = await beatsIn(sandbox);
  expectTrue(before === undefined || before > 0, 'beats of the process while the program ran', before, 'more than 0');
  if (after !== undefined) expectEqual(after, before, 'beats of the process after the call');
}

async function beatsIn(sandbox: Sandbox): Promise<number | undefined> {
  try {
    return (await sandbox.readFile('beat')).byteLength;
  } catch (error) {
    if (SandboxError.isInstance(error) && error.code === 'SANDBOX_CLOSED') return undefined;
    throw error;
  }
}
