import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('claim-process.mjs', import.meta.url));

/** Starts another process that claims so many keys when it is told to, and gives the numbers of those that it was first for. */
export function startClaimProcess(location: string, count: number) {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [PROGRAM, String(count)], {
    env: { PATH, LOCATION: location },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
  const ready = once(reader, 'line');
  const won = once(child, 'close').then(() => JSON.parse(lines[1] ?? '') as number[]);
  return { child, ready, won };
}
