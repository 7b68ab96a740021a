import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('people-process.mjs', import.meta.url));

/** Has several processes, each with words of its own, do something at one moment, and gives what came of it. */
export async function raceProcesses(location: string, wordsOfEach: readonly (readonly string[])[]): Promise<string[]> {
  const { PATH } = process.env;
  const racers = wordsOfEach.map((words) => {
    const child = spawn(process.execPath, [PROGRAM, ...words], { env: { PATH, LOCATION: location }, stdio: ['pipe', 'pipe', 'inherit'] });
    const lines: string[] = [];
    const reader = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    return { child, ready: once(reader, 'line'), outcome: once(child, 'close').then(() => lines[1] ?? '') };
  });
  await Promise.all(racers.map(({ ready, outcome }) => Promise.race([ready, outcome])));
  for (const { child } of racers) child.stdin.write('go\n');
  return Promise.all(racers.map(({ outcome }) => outcome));
}
