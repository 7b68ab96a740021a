import {
  parseExecutionRequest,
  type CallOptions,
  type ExecutionContext,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type ExecutionResult,
  type FileContent,
  type Language,
  type Sandbox,
} from '@sandport/core';
import { leavesDoubt } from './result-doubt.ts';
import { SessionContext } from './session-context.ts';
import { notOfSession, sessionClosed } from './session-errors.ts';
import type { SandboxOrigin, SessionHost } from './session-host.ts';
import type { SharedSession } from './shared-session.ts';

/** What a {@link SandboxSession} is made of. */
export interface SandboxSessionOptions {
  readonly key: string;
  readonly shared: SharedSession;
  readonly prepare: SessionHost['prepare'];
  /** The caller is done with it; resolves when nothing of it is left to be done. It never rejects. */
  readonly onClose: () => Promise<void>;
  /** It is to be destroyed, for everybody who has it. */
  readonly onDestroy: (call: CallOptions) => Promise<void>;
}

/**
 * The sandbox of a key, for example of a conversation: found again where it was left, also by another process, or made anew.
 *
 * - Nothing happens before the first call. Calls run one after the other, also those of others in this process who asked for the same key.
 * - The sandbox goes with the provider: when another provider or configuration has become active, the next call gets a new one. A sandbox that has ended
 *   by itself is replaced too. {@link SandboxSession.generation} grows then, and what was in the former one is lost.
 * - No program is ever run twice: a call that finds its sandbox ended throws `SANDBOX_CLOSED`, and the next one gets another.
 * - Where {@link SandboxSession.survivesRestart} says so, another process finds the sandbox. It takes it over from this one, whose call that runs is then
 *   ended: let one process at a time work on a session.
 * - On a provider whose sandboxes execute once, each execution has a sandbox of its own, with the files written for it.
 *
 * Calls throw as those of a `Sandbox` and `SandboxClient.createSandbox` do, `SETTINGS_UNAVAILABLE` when nobody can say which sandbox it is, and
 * `SANDBOX_CLOSED` after the session's own end.
 */
export class SandboxSession implements AsyncDisposable {
  readonly key: string;
  readonly #shared: SharedSession;
  readonly #prepare: (request: ExecutionRequestInput | ExecutionRequest) => ExecutionRequest;
  readonly #onClose: () => Promise<void>;
  readonly #onDestroy: (call: CallOptions) => Promise<void>;
  #isClosed = false;

  constructor({ key, shared, prepare = parseExecutionRequest, onClose, onDestroy }: SandboxSessionOptions) {
    this.key = key;
    this.#shared = shared;
    this.#prepare = prepare;
    this.#onClose = onClose;
    this.#onDestroy = onDestroy;
  }

  get language(): Language {
    return this.#shared.identity.options.language;
  }

  /** Where its sandbox comes from; `undefined` while it has none. */
  get origin(): SandboxOrigin | undefined {
    return this.#shared.origin;
  }

  /** How many different sandboxes it has had in this process. When it has grown, the files and contexts of the former one are lost. */
  get generation(): number {
    return this.#shared.generation;
  }

  /** Whether another process would find the sandbox that it has now; `false` while it has none. */
  get survivesRestart(): boolean {
    return this.#shared.survivesRestart;
  }

  /** As {@link Sandbox.execute}. Language and tenant of the request are those of the session. */
  async execute(input: ExecutionRequestInput | ExecutionRequest, options: CallOptions = {}): Promise<ExecutionResult> {
    this.#checkOpen('execute');
    const request = this.#parse(input);
    return this.#shared.use({ operation: 'execute', executes: true }, options, async (sandbox) => {
      const result = await sandbox.execute(request, options);
      if (leavesDoubt(result)) this.#shared.doubt();
      return result;
    });
  }

  /** As {@link Sandbox.createContext}. */
  async createContext(options: CallOptions = {}): Promise<ExecutionContext> {
    this.#checkOpen('createContext');
    const { id } = await this.#shared.use({ operation: 'createContext' }, options, (sandbox) => sandbox.createContext(options));
    return new SessionContext(id, this.#shared);
  }

  /** A context by its id, for example after a restart. No I/O: whether it lives, and whether that is an id at all, shows in its first call. */
  context(id: string): ExecutionContext {
    this.#checkOpen('context');
    return new SessionContext(id, this.#shared);
  }

  /** As {@link Sandbox.writeFile}. */
  async writeFile(path: string, content: FileContent, options: CallOptions = {}): Promise<void> {
    this.#checkOpen('writeFile');
    await this.#shared.use({ operation: 'writeFile' }, options, (sandbox) => sandbox.writeFile(path, content, options));
  }

  /** As {@link Sandbox.readFile}. */
  async readFile(path: string, options: CallOptions = {}): Promise<Uint8Array> {
    this.#checkOpen('readFile');
    return this.#shared.use({ operation: 'readFile' }, options, (sandbox) => sandbox.readFile(path, options));
  }

  /** As {@link Sandbox.readFileStream}: other calls of the session wait until it is read or let go of. */
  async *readFileStream(path: string, options: CallOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    this.#checkOpen('readFile');
    const turn = await this.#shared.begin({ operation: 'readFile' }, options);
    try {
      yield* turn.sandbox.readFileStream(path, options);
    } catch (error) {
      turn.failed(error);
      throw error;
    } finally {
      turn.end();
    }
  }

  /** As {@link Sandbox.extend}. */
  async extend(lifetimeMs: number, options: CallOptions = {}): Promise<void> {
    this.#checkOpen('extend');
    await this.#shared.extend(lifetimeMs, options);
  }

  /** The sandbox itself, found or made. What is done with it directly does not wait for its turn in the session. */
  async sandbox(options: CallOptions = {}): Promise<Sandbox> {
    this.#checkOpen('sandbox');
    return this.#shared.use({ operation: 'sandbox' }, options, (sandbox) => Promise.resolve(sandbox));
  }

  /**
   * Ends the sandbox and what runs in it, and forgets it, for everybody who has the session. The next to ask for the key gets a new one. A sandbox on a
   * provider that is not active any more ends by its own time. When it fails, it may be called again.
   *
   * @throws SandboxError `PROVIDER_UNAVAILABLE`, `SETTINGS_UNAVAILABLE`, `CANCELLED`.
   */
  async destroy(options: CallOptions = {}): Promise<void> {
    this.#isClosed = true;
    await this.#onDestroy(options);
  }

  /**
   * Lets go of the sandbox when the calls that were made are over: it goes on where it can be found again, and is ended where it cannot and nobody else in
   * this process has the session. Idempotent; never rejects.
   */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#onClose();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #parse(input: ExecutionRequestInput | ExecutionRequest): ExecutionRequest {
    const { language } = this;
    const { tenant } = this.#shared.identity;
    const request = this.#prepare(withDefaults(input, language, tenant));
    if (request.language !== language) throw notOfSession('language', `is ${request.language}, but the session runs ${language}`);
    if (request.tenant !== tenant) throw notOfSession('tenant', 'is not that of the session');
    return request;
  }

  #checkOpen(operation: string): void {
    if (this.#isClosed) throw sessionClosed(operation);
  }
}

/** A request that was checked already says both, and what is no request at all is refused in the words of every other call. */
function withDefaults(
  input: ExecutionRequestInput | ExecutionRequest,
  language: Language,
  tenant: string,
): ExecutionRequestInput | ExecutionRequest {
  if (typeof input !== 'object' || input === null || 'sandboxLimits' in input) return input;
  return { ...input, language: input.language ?? language, tenant: input.tenant ?? tenant };
}
