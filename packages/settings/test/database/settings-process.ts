import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const PACKAGE_FOLDER = fileURLToPath(new URL('../..', import.meta.url));
const COMPILER = fileURLToPath(new URL('../../../../node_modules/typescript/bin/tsc', import.meta.url));
const PROGRAM = fileURLToPath(new URL('settings-process.mjs', import.meta.url));

/** Brings what other processes run up to date with the sources. A mistake in types is for the checks to find: it does not change what is emitted. */
export async function buildSettings(): Promise<void> {
  await once(spawn(process.execPath, [COMPILER, '-b', PACKAGE_FOLDER], { stdio: 'ignore' }), 'close');
}

/** Starts another process at a database. The location, which has a password, is handed over where no list of processes shows it. */
export function startSettingsProcess(location: string, ...words: string[]) {
  const { PATH } = process.env;
  const child = spawn(process.execPath, [PROGRAM, ...words], { env: { PATH, LOCATION: location }, stdio: ['pipe', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const ended = once(child, 'close').then(() => ({ output, exitCode: child.exitCode }));
  const spoke = once(child.stdout, 'data').then(() => undefined);
  const silent = ended.then(({ exitCode }) => Promise.reject(new Error(`the other process ended with ${exitCode} and had said nothing`)));
  // Only who waits for the first word wants to know.
  silent.catch(() => undefined);
  return { child, ended, firstWord: () => Promise.race([spoke, silent]) };
}
