import { Buffer } from 'node:buffer';
import {
  checkLifetime,
  checkRequestAgainstCapabilities,
  SandboxError,
  type CallOptions,
  type ExecutionContext,
  type ExecutionRequest,
  type ExecutionRequestInput,
  type ExecutionResult,
  type FileContent,
  type Language,
  type ProviderCapabilities,
  type Sandbox,
} from '@sandport/core';
import { throwIfCancelled } from '@sandport/provider-kit';
import { checkContextId } from './context-table.ts';
import type { HostSandbox } from './host-sandbox.ts';
import { UnisolatedContext } from './unisolated-context.ts';

/** What one holder has in hand of a sandbox: it checks what is asked, and that it is still the one who may ask. */
export class UnisolatedSandbox implements Sandbox {
  readonly id: string;
  readonly language: Language;
  readonly #place: HostSandbox;
  readonly #holder: symbol;
  readonly #capabilities: ProviderCapabilities;

  constructor(place: HostSandbox, holder: symbol) {
    this.id = place.id;
    this.language = place.language;
    this.#place = place;
    this.#holder = holder;
    this.#capabilities = place.surroundings.capabilities;
  }

  get expiresAtMs(): number | null {
    return this.#place.life?.expiresAtMs ?? null;
  }

  async execute(input: ExecutionRequestInput | ExecutionRequest, { signal }: CallOptions = {}): Promise<ExecutionResult> {
    const request = this.#check(input, signal);
    if (this.#place.isUsedUp && !this.#place.surroundings.habits.servesWhenClosed) throw this.#place.closed();
    return this.#whileHeld(this.expectHolder().execute(request, signal));
  }

  async createContext({ signal }: CallOptions = {}): Promise<ExecutionContext> {
    this.#expect('contexts');
    this.#throwIfCancelled(signal, 'createContext');
    const place = this.expectHolder();
    return new UnisolatedContext(await place.call(signal, () => place.contexts.create()), this);
  }

  context(id: string): ExecutionContext {
    this.#expect('contexts');
    checkContextId(id);
    return new UnisolatedContext(id, this);
  }

  async executeCell(id: string, input: ExecutionRequestInput, { signal }: CallOptions): Promise<ExecutionResult> {
    const request = this.#check(input, signal);
    return this.#whileHeld(this.expectHolder().executeCell(id, request, signal));
  }

  async writeFile(path: string, content: FileContent, { signal }: CallOptions = {}): Promise<void> {
    this.#expect('files');
    const checked = this.#checkPath(path, content);
    this.#throwIfCancelled(signal, 'writeFile');
    await this.expectHolder().write(checked, content, signal);
  }

  async readFile(path: string, call: CallOptions = {}): Promise<Uint8Array> {
    const pieces: Uint8Array[] = [];
    for await (const piece of this.readFileStream(path, call)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async *readFileStream(path: string, { signal }: CallOptions = {}): AsyncGenerator<Uint8Array, void> {
    this.#expect('files');
    const checked = this.#place.folder.check(path);
    this.#throwIfCancelled(signal, 'readFileStream');
    const { fileStreamHolds } = this.#place.surroundings.habits.streams;
    const leave = await this.expectHolder().enter(signal);
    if (fileStreamHolds === 'not-at-all') leave();
    let isLetGo = true;
    try {
      for await (const piece of this.#place.folder.read(checked, signal)) {
        this.expectHolder();
        yield piece;
        this.expectHolder();
      }
      isLetGo = false;
    } catch (error) {
      isLetGo = false;
      throw error;
    } finally {
      if (!isLetGo || fileStreamHolds !== 'until-read') leave();
    }
  }

  async extend(lifetimeMs: number, { signal }: CallOptions = {}): Promise<void> {
    const { providerId, habits } = this.#place.surroundings;
    if (!this.#capabilities.lifetimes) throw this.#unsupported('lifetimeMs');
    if (habits.looksAtRanges) checkLifetime(providerId, this.#capabilities, 'lifetimeMs', lifetimeMs);
    this.#throwIfCancelled(signal, 'extend');
    const place = this.expectHolder();
    await place.call(signal, async () => place.life?.extend(lifetimeMs));
  }

  async destroy(): Promise<void> {
    const { keeping } = this.#place.surroundings.habits;
    if (keeping.destroying === 'lets-go') return;
    if (this.isHeld || keeping.formerHolder === 'may-destroy') await this.#place.end();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.destroy();
  }

  get checksFieldsOfCells(): boolean {
    return this.#place.surroundings.habits.contexts.checksFields;
  }

  get isHeld(): boolean {
    return this.#place.isHeldBy(this.#holder);
  }

  /** @throws SandboxError `SANDBOX_CLOSED` when it has ended or somebody else holds it. */
  expectHolder(): HostSandbox {
    const { servesWhenClosed, keeping } = this.#place.surroundings.habits;
    if (this.isHeld || servesWhenClosed || (keeping.formerHolder === 'served' && !this.#place.hasEnded)) return this.#place;
    throw this.#place.closed();
  }

  #checkPath(path: string, content: FileContent): string {
    const { folder, surroundings } = this.#place;
    const isStream = typeof content !== 'string' && !(content instanceof Uint8Array);
    try {
      return folder.check(path);
    } catch (error) {
      if (isStream && !surroundings.habits.streams.checksPathFirst) void content[Symbol.asyncIterator]().next();
      throw error;
    }
  }

  /** What somebody else's taking over ended is no result of the program. */
  async #whileHeld(call: Promise<ExecutionResult>): Promise<ExecutionResult> {
    const result = await call;
    if (!this.#place.hasEnded) this.expectHolder();
    return result;
  }

  #check(input: ExecutionRequestInput | ExecutionRequest, signal: AbortSignal | undefined): ExecutionRequest {
    const { providerId, habits } = this.#place.surroundings;
    const request = habits.checkRequest(input);
    if (habits.looksAtRanges) checkRequestAgainstCapabilities(providerId, this.#capabilities, request);
    if (request.language !== this.language) {
      const details = { field: 'language' };
      throw new SandboxError('LANGUAGE_UNSUPPORTED', `language: this sandbox runs ${this.language}.`, { providerId, details });
    }
    this.#throwIfCancelled(signal, 'execute');
    return request;
  }

  #expect(name: 'files' | 'contexts'): void {
    if (!this.#capabilities[name]) throw this.#unsupported(name);
  }

  #unsupported(field: string): SandboxError {
    const { providerId } = this.#place.surroundings;
    return new SandboxError('CAPABILITY_UNSUPPORTED', `${field}: this provider has none.`, { providerId, details: { field } });
  }

  #throwIfCancelled(signal: AbortSignal | undefined, operation: string): void {
    const { providerId, habits } = this.#place.surroundings;
    if (habits.looksAtSignal) throwIfCancelled({ signal, providerId, operation });
  }
}
