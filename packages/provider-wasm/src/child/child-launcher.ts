import { readlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Language } from '@sandport/core';
import type { ChildProfile } from '../child-profile.ts';
import { wasmError } from '../wasm-errors.ts';
import type { WasmProviderConfig } from '../wasm-provider-config.ts';
import { CHILD_FLAGS } from './child-flags.ts';
import { findHardening, type Hardening } from './hardening.ts';
import { childFile, GUEST_FOLDERS, PreparedModules, type PreparedModule } from './prepared-modules.ts';
import { startChild, type ChildProcessHandle } from './start-child.ts';

/** What a child process compares itself with. */
interface HostFacts {
  readonly userId: number;
  readonly network: string;
}

/** Starts the child processes of one configuration. */
export class ChildLauncher {
  readonly #nodePath: string;
  readonly #maxTimeoutMs: number;
  readonly #modules: PreparedModules;
  readonly #closing = new AbortController();
  readonly #hardenings = new Map<string, Promise<Hardening>>();
  #host: Promise<HostFacts | null> | undefined;

  constructor(config: WasmProviderConfig) {
    this.#nodePath = config.nodePath ?? process.execPath;
    this.#maxTimeoutMs = config.maxTimeoutMs;
    this.#modules = new PreparedModules(config);
  }

  /**
   * Starts a child process of this profile; it still has to boot.
   *
   * @throws SandboxError `RUNTIME_MISSING`, `PROVIDER_UNAVAILABLE`, `DEADLINE_EXCEEDED`, `CANCELLED`.
   */
  async launch({ language, limits }: ChildProfile, signal: AbortSignal): Promise<ChildProcessHandle> {
    const prepared = await this.#modules.prepare(language, signal);
    const host = await this.#hostFacts();
    const { prefix, permissionFlags } = await this.#hardeningOf(prepared, host);
    const { modulePath, cachePath } = prepared;
    const settings = { language, modulePath, cachePath, guestFolders: GUEST_FOLDERS, host, ...limits };
    const line = [...prefix, this.#nodePath, ...CHILD_FLAGS, ...permissionFlags, childFile('main.mjs'), JSON.stringify(settings)];
    const [command = this.#nodePath, ...args] = line;
    return startChild(command, args);
  }

  /** Prepares the module of a language, and says in a sentence what it is. */
  async describeModule(language: Language, signal: AbortSignal | undefined): Promise<string> {
    const { sha256 } = await this.#modules.prepare(language, signal);
    return `The ${language} module is there and is what it should be (SHA-256 ${sha256.slice(0, 12)}…).`;
  }

  async close(): Promise<void> {
    this.#closing.abort(
      wasmError('SANDBOX_CLOSED', 'start child process', 'The provider was closed.', { suggestion: 'Create a new provider.' }),
    );
    await Promise.allSettled(this.#hardenings.values());
    await this.#modules.close();
  }

  #hostFacts(): Promise<HostFacts | null> {
    this.#host ??= readHostFacts();
    return this.#host;
  }

  /** What can be taken from a child is found out once for each module. */
  #hardeningOf({ modulePath, cachePath }: PreparedModule, host: HostFacts | null): Promise<Hardening> {
    const known = this.#hardenings.get(modulePath);
    if (known !== undefined) return known;
    const files = [modulePath, cachePath, childFile('main.mjs'), ...GUEST_FOLDERS];
    const found = findHardening({
      nodePath: this.#nodePath,
      probe: [childFile('probe.mjs'), JSON.stringify({ files, host })],
      readable: [dirname(childFile('main.mjs')), dirname(modulePath), ...GUEST_FOLDERS, ...(host === null ? [] : ['/proc/self/'])],
      maxTimeoutMs: this.#maxTimeoutMs,
      signal: this.#closing.signal,
    });
    this.#hardenings.set(modulePath, found);
    found.catch(() => this.#hardenings.delete(modulePath));
    return found;
  }
}

async function readHostFacts(): Promise<HostFacts | null> {
  if (process.platform !== 'linux' || process.getuid === undefined) return null;
  return { userId: process.getuid(), network: await readlink('/proc/self/ns/net') };
}
