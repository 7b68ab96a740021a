import { copyFile, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Language } from '@sandport/core';
import { buildError } from './build-error.ts';
import { guestFiles } from './guest-version.ts';
import { imageFile } from './image-file.ts';
import { runTool } from './run-tool.ts';

/** Names of an engine's machine, and the same for npm. */
const NPM_ARCHITECTURES: Readonly<Record<string, string>> = { x86_64: 'x64', amd64: 'x64', aarch64: 'arm64', arm64: 'arm64' };

/** What a build context is made for. */
export interface BuildContextOptions {
  /** An empty folder to write to. */
  readonly folder: string;
  readonly language: Language;
  /** Processor architecture of the engine's machine, in the engine's words. */
  readonly architecture: string;
  readonly report: (message: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Lays out what a Dockerfile copies: the guest's programs, and for JavaScript what comes from npm. */
export async function writeBuildContext(options: BuildContextOptions): Promise<void> {
  const { folder, language } = options;
  await copyFile(imageFile(language, 'Dockerfile'), join(folder, 'Dockerfile'));
  await mkdir(join(folder, 'guest'));
  for (const file of await guestFiles()) await writeFile(join(folder, 'guest', file.name), file.content);
  if (language === 'javascript') await addNode(options);
}

/** Node itself is a package of npm, too: so the image needs no registry but the one that brought Sandport here. */
async function addNode({ folder, architecture, report, signal }: BuildContextOptions): Promise<void> {
  const cpu = NPM_ARCHITECTURES[architecture];
  if (cpu === undefined) throw buildError(`There is no Node for the architecture "${architecture}".`);
  for (const name of ['package.json', 'package-lock.json']) await copyFile(imageFile('javascript', name), join(folder, name));
  report(`fetching Node for ${cpu} from npm`);
  await runTool({
    command: process.platform === 'win32' ? 'npm.cmd' : 'npm',
    args: ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--os=linux', `--cpu=${cpu}`, '--libc=glibc'],
    cwd: folder,
    timeoutMs: 300_000,
    onLine: report,
    signal,
  });
  await rename(join(folder, 'node_modules', `node-linux-${cpu}`, 'bin', 'node'), join(folder, 'node'));
  await rm(join(folder, 'node_modules', `node-linux-${cpu}`), { recursive: true });
}
