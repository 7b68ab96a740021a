import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { runCli, type CliContext } from '../src/index.ts';
import { fakeDefinition } from './fake-definition.mjs';
import { fakeTrial } from './fake-trial.mjs';

class Sink extends Writable {
  text = '';
  readonly isTTY: boolean;

  constructor(isTTY: boolean) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.text += chunk;
    done();
  }
}

/** What a test sets; the rest is a machine with nothing on it. */
export interface Setup extends Partial<Omit<CliContext, 'stdout'>> {
  readonly input?: string;
  readonly isTTY?: boolean;
}

/** What a command did. */
export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What the command is given in a test, and what it writes. */
export function createContext({ input = '', isTTY = false, ...given }: Setup = {}) {
  const [stdout, stderr] = [new Sink(isTTY), new Sink(isTTY)];
  const context: CliContext = {
    providers: [fakeDefinition(), fakeDefinition({ id: 'other' })],
    prepareProvider: fakeTrial,
    buildImages: () => Promise.reject(new Error('no images in this test')),
    removeLeftBehind: () => Promise.reject(new Error('nothing to remove in this test')),
    stdin: Readable.from([input]),
    stdout,
    stderr,
    environment: { NO_COLOR: '1' },
    homeFolder: '/nonexistent',
    operator: 'tester@machine',
    signal: new AbortController().signal,
    ...given,
  };
  return { context, stdout, stderr };
}

/** A home folder for one test, and commands that are run in it within this process. */
export function createHome(setup: Setup = {}) {
  const homeFolder = mkdtempSync(join(tmpdir(), 'sandport-cli-'));
  onTestFinished(() => rmSync(homeFolder, { recursive: true }));
  const run = async (words: readonly string[], more: Setup = {}): Promise<Outcome> => {
    const { context, stdout, stderr } = createContext({ homeFolder, ...setup, ...more });
    const exitCode = await runCli(words, context);
    return { exitCode, stdout: stdout.text, stderr: stderr.text };
  };
  const file = (name: string, content: string): string => {
    const path = join(homeFolder, name);
    writeFileSync(path, content);
    return path;
  };
  return { homeFolder, settingsPath: join(homeFolder, '.config', 'sandport', 'settings.sqlite'), run, file };
}

/** As {@link createHome}, with the provider `fake` in use. */
export async function createReadyHome(...setup: Parameters<typeof createHome>) {
  const home = createHome(...setup);
  const { exitCode, stderr } = await home.run(['config', 'use', 'fake']);
  if (exitCode !== 0) throw new Error(stderr);
  return home;
}

/** The one JSON document that a command wrote. */
export function documentOf({ stdout }: Outcome): Readonly<Record<string, unknown>> {
  const document: unknown = JSON.parse(stdout);
  if (typeof document !== 'object' || document === null) throw new Error('the document is not an object');
  return { ...document };
}
