import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Language } from '@sandport/core';
import { guestFileUrl, withDeadline } from '@sandport/provider-kit';
import { PROVIDER_ID, wasmError } from '../wasm-errors.ts';
import type { WasmProviderConfig } from '../wasm-provider-config.ts';
import { closeCacheFolder, openCacheFolder, type CacheFolder } from './cache-folder.ts';
import { CHILD_FLAGS } from './child-flags.ts';
import { engineModuleOf } from './engine-modules.ts';
import { runHelper } from './run-helper.ts';

const OPERATION = 'prepare module';

/** Compiling takes seconds on a quiet machine. */
const PREPARE_TIMEOUT_MS = 180_000;

/** What `child/prepare.mjs` says when the module is not the one that it should be. */
const WRONG_MODULE_EXIT_CODE = 3;

/** Programs of the child process, beside `src` and `dist` in the package. */
export function childFile(name: string): string {
  return fileURLToPath(new URL(`../../child/${name}`, import.meta.url));
}

/** Folders whose files run inside the module. */
export const GUEST_FOLDERS: readonly string[] = [
  fileURLToPath(guestFileUrl('./')),
  fileURLToPath(new URL('../../guest/', import.meta.url)),
];

/** A module that children can load quickly. */
export interface PreparedModule {
  /** The binary with the memory gate. */
  readonly modulePath: string;
  /** V8's code of it. */
  readonly cachePath: string;
  readonly sha256: string;
}

/** Prepares the modules of one configuration, each once: checks what they are, puts the memory gate in, compiles. */
export class PreparedModules {
  readonly #config: WasmProviderConfig;
  readonly #prepared = new Map<Language, Promise<PreparedModule>>();
  readonly #closing = new AbortController();
  #folder: Promise<CacheFolder> | undefined;

  constructor(config: WasmProviderConfig) {
    this.#config = config;
  }

  /**
   * The module of a language. Several who ask at once wait for one preparation; who withdraws does not stop it.
   *
   * @throws SandboxError `RUNTIME_MISSING` (not there, or not the one that it should be), `PROVIDER_UNAVAILABLE`, `DEADLINE_EXCEEDED`, `CANCELLED`.
   */
  async prepare(language: Language, signal?: AbortSignal): Promise<PreparedModule> {
    const running = this.#prepared.get(language) ?? this.#begin(language);
    return withDeadline({ timeoutMs: PREPARE_TIMEOUT_MS, signal, providerId: PROVIDER_ID, operation: OPERATION }, () => running);
  }

  async close(): Promise<void> {
    this.#closing.abort(wasmError('SANDBOX_CLOSED', OPERATION, 'The provider was closed.', { suggestion: 'Create a new provider.' }));
    await Promise.allSettled(this.#prepared.values());
    if (this.#folder !== undefined) await closeCacheFolder(await this.#folder);
  }

  #begin(language: Language): Promise<PreparedModule> {
    const running = this.#prepare(language);
    this.#prepared.set(language, running);
    // What failed is tried again by the next who asks.
    running.catch(() => this.#prepared.delete(language));
    return running;
  }

  async #prepare(language: Language): Promise<PreparedModule> {
    const { path, sha256 } = engineModuleOf(this.#config, language);
    this.#folder ??= openCacheFolder();
    const { path: folder } = await this.#folder;
    const nodePath = this.#config.nodePath ?? process.execPath;
    const entry = join(folder, await this.#keyOf(language, sha256, nodePath));
    const prepared = { modulePath: join(entry, 'module.wasm'), cachePath: join(entry, 'module.code'), sha256 };
    if (await isThere(prepared.cachePath)) return prepared;
    const draft = join(folder, `draft-${randomUUID()}`);
    await mkdir(draft, { mode: 0o755 });
    try {
      await this.#compile({ language, path, sha256, draft, nodePath });
      await rename(draft, entry);
    } catch (error) {
      // Another process was quicker: what it made is as good.
      if (!(await isThere(prepared.cachePath))) throw error;
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    return prepared;
  }

  async #compile(job: { language: Language; path: string; sha256: string; draft: string; nodePath: string }): Promise<void> {
    const { language, path, sha256, draft, nodePath } = job;
    const settings = JSON.stringify({ language, modulePath: path, sha256, outputFolder: draft, guestFolders: GUEST_FOLDERS });
    const { exitCode, stderr } = await runHelper({
      command: nodePath,
      args: [...CHILD_FLAGS, childFile('prepare.mjs'), settings],
      operation: OPERATION,
      signal: this.#closing.signal,
    });
    if (exitCode === 0) return;
    if (exitCode === WRONG_MODULE_EXIT_CODE) {
      throw wasmError('RUNTIME_MISSING', OPERATION, `The ${language} module "${path}" is not there, or is not the one that it should be.`, {
        suggestion: 'Install the packages again, or correct "pythonModule" and "pythonModuleSha256".',
        details: { path, sha256 },
        cause: new Error(stderr),
      });
    }
    throw wasmError('PROVIDER_UNAVAILABLE', OPERATION, `The ${language} module could not be prepared.`, {
      suggestion: 'Look at the cause; Node 20.19, 22 or 24 is needed.',
      cause: new Error(stderr || `the process ended with ${exitCode}`),
    });
  }

  /** Equal exactly for what can stand in for each other: the same module, made by the same code for the same V8. */
  async #keyOf(language: Language, sha256: string, nodePath: string): Promise<string> {
    const version =
      nodePath === process.execPath
        ? `${process.version} ${process.versions.v8} ${process.arch}`
        : (await runHelper({ command: nodePath, args: VERSION_ARGS, operation: OPERATION, signal: this.#closing.signal })).stdout;
    const facts = [FORMAT, language, sha256, version, process.platform, ...CHILD_FLAGS];
    return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
  }
}

/** Changes with what `child/prepare.mjs` makes of a module. */
const FORMAT = 1;

const VERSION_ARGS = ['-p', 'process.version + " " + process.versions.v8 + " " + process.arch'];

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
