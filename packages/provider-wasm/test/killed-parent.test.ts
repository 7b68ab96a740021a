import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ORPHAN_TIMEOUT_MS = 30_000;
const caller = fileURLToPath(new URL('./endless-call.mjs', import.meta.url));

const PROGRAMS = [
  ['python', 'that loops', 'print("on", flush=True)\nwhile True: pass\n'],
  ['python', 'that sleeps', 'import time\nprint("on", flush=True)\ntime.sleep(600)\n'],
  ['python', 'that waits for input', 'import sys\nprint("on", flush=True)\nsys.stdin.read()\n'],
  ['javascript', 'that loops', "console.log('on');\nfor (;;);\n"],
  ['javascript', 'that waits for a timer', "console.log('on');\nsetTimeout(() => {}, 600000);\n"],
] as const;

/** Whether a process is there and has not merely not been waited for. */
function isAlive(pid: string): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch (error) {
    // It went while we looked.
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

// Other systems show no list of processes as files.
describe.runIf(process.platform === 'linux')('a caller killed with SIGKILL', () => {
  it.for(PROGRAMS)(
    'leaves no process of a program in %s %s, nor one that waits',
    { timeout: ORPHAN_TIMEOUT_MS + 30_000 },
    async ([language, , code]) => {
      const child = spawn(process.execPath, [caller, language, code], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
      const pids = JSON.parse(line) as string[];
      expect(pids.length).toBeGreaterThan(0);
      expect(pids.every(isAlive)).toBe(true);
      child.kill('SIGKILL');
      await once(child, 'exit');
      const deadline = Date.now() + ORPHAN_TIMEOUT_MS;
      while (pids.some(isAlive) && Date.now() < deadline) await delay(50);
      expect(pids.filter(isAlive)).toEqual([]);
    },
  );
});
