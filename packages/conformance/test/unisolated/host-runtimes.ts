import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Language } from '@sandport/core';
import { guestFileUrl } from '@sandport/provider-kit';
import type { ProgramHandle, ProgramPlace } from './program-handle.ts';
import { PythonLauncher } from './python-launcher.ts';
import { spawnProgram } from './spawn-program.ts';

/** The interpreter itself, since version managers put slow scripts in its place. */
const found = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' });
const python = found.status === 0 ? found.stdout.trim() : null;

/** The languages whose runtime the host has. */
export const HOST_LANGUAGES: readonly Language[] = python === null ? ['javascript'] : ['python', 'javascript'];

const JAVASCRIPT_RUNNERS = { program: 'javascript_runner.cjs', context: 'javascript_context.cjs' } as const;

/** What starts the runners of one provider, or of one sandbox that outlives its provider. */
export class HostRuntimes {
  #launcher: Promise<PythonLauncher> | null = null;

  async start(language: Language, place: ProgramPlace): Promise<ProgramHandle> {
    if (language === 'javascript') {
      const flags = ['--disable-warning=ExperimentalWarning', '--experimental-vm-modules'];
      return spawnProgram(process.execPath, [...flags, fileURLToPath(guestFileUrl(JAVASCRIPT_RUNNERS[place.runner]))], place);
    }
    if (python === null) throw new Error('This host has no python3.');
    this.#launcher ??= PythonLauncher.open(python);
    return (await this.#launcher).start(place);
  }

  async close(): Promise<void> {
    const launcher = this.#launcher;
    this.#launcher = null;
    await (await launcher)?.close();
  }
}
