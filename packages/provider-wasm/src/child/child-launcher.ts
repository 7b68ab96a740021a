import type { Language } from '@sandport/core';
import type { ChildProfile } from '../child-profile.ts';
import type { WasmProviderConfig } from '../wasm-provider-config.ts';
import { CHILD_FLAGS } from './child-flags.ts';
import { childFile, GUEST_FOLDERS, PreparedModules } from './prepared-modules.ts';
import { startChild, type ChildProcessHandle } from './start-child.ts';

/** Starts the child processes of one configuration. */
export class ChildLauncher {
  readonly #config: WasmProviderConfig;
  readonly #modules: PreparedModules;

  constructor(config: WasmProviderConfig) {
    this.#config = config;
    this.#modules = new PreparedModules(config);
  }

  /**
   * Starts a child process of this profile; it still has to boot.
   *
   * @throws SandboxError `RUNTIME_MISSING`, `PROVIDER_UNAVAILABLE`, `DEADLINE_EXCEEDED`, `CANCELLED`.
   */
  async launch({ language, limits }: ChildProfile, signal: AbortSignal): Promise<ChildProcessHandle> {
    const { modulePath, cachePath } = await this.#modules.prepare(language, signal);
    const settings = { language, modulePath, cachePath, guestFolders: GUEST_FOLDERS, ...limits };
    return startChild(this.#config.nodePath ?? process.execPath, [...CHILD_FLAGS, childFile('main.mjs'), JSON.stringify(settings)]);
  }

  /** Prepares the module of a language, and says in a sentence what it is. */
  async describeModule(language: Language, signal: AbortSignal | undefined): Promise<string> {
    const { sha256 } = await this.#modules.prepare(language, signal);
    return `The ${language} module is there and is what it should be (SHA-256 ${sha256.slice(0, 12)}…).`;
  }

  async close(): Promise<void> {
    await this.#modules.close();
  }
}
