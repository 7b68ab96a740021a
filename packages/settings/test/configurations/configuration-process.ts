import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ConfiguredDatabase } from './configured-database.ts';

const PROGRAM = fileURLToPath(new URL('configuration-process.mjs', import.meta.url));

/** Starts another process that changes the configuration. What it says is told line by line. */
export function startConfigurationProcess({ location, key }: ConfiguredDatabase, words: readonly string[], onLine: (line: string) => void) {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...words], {
    env: { PATH, LOCATION: location, MASTER_KEY: key },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  createInterface({ input: child.stdout }).on('line', onLine);
  const ended = once(child, 'close').then(() => ({ exitCode: child.exitCode, signal: child.signalCode }));
  return { child, ended };
}
