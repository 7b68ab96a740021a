import { SandboxError, type CallOptions, type ExecutionRequest, type ExecutionResult, type SessionStore } from '@sandport/core';
import type { SandboxWish, SessionHost } from '../../src/session/session-host.ts';
import { SessionRegistry, type OpenSessionOptions } from '../../src/session/session-registry.ts';
import { MemorySessionStore } from './memory-session-store.ts';
import { WorldSandbox, type FarSandbox } from './world-sandbox.ts';

const PYTHON: OpenSessionOptions = { language: 'python' };

/** Sandboxes, the configuration in use and a database, which processes share. */
export class SessionWorld {
  readonly store = new MemorySessionStore();
  readonly far: FarSandbox[] = [];
  /** What was done, with the process that did it. */
  readonly events: string[] = [];
  readonly wishes: SandboxWish[] = [];
  readonly warnings: SandboxError[] = [];
  /** Ids of sandboxes that a process let go of. */
  readonly letGo: string[] = [];
  active = { providerId: 'docker', configDigest: 'one' };
  canReconnect = true;
  executesOnce = false;
  expiresAtMs: number | null = null;
  hasStore = true;
  /** Id of the next sandboxes. */
  nextId: string | undefined;
  timeMs = 0;
  onCreate: (call: CallOptions) => Promise<void> = () => Promise.resolve();
  onConnect: (call: CallOptions) => Promise<void> = () => Promise.resolve();
  onExecute: (request: ExecutionRequest, sandbox: WorldSandbox, call: CallOptions) => Promise<ExecutionResult | undefined> = () =>
    Promise.resolve(undefined);
  onProbe: () => Promise<void> = () => Promise.resolve();
  onDestroy: (sandbox: WorldSandbox) => Promise<void> = () => Promise.resolve();

  /** A program with a client of its own. */
  process(name = 'a') {
    const registry = new SessionRegistry(this.#host(name), () => this.timeMs);
    return {
      registry,
      open: (options: Partial<OpenSessionOptions> = {}, key = 'conversation-42') => registry.open(key, { ...PYTHON, ...options }),
    };
  }

  note(process: string, event: string): void {
    this.events.push(`${process}: ${event}`);
  }

  /** How often something was done. */
  countOf(event: string): number {
    return this.events.filter((noted) => noted.endsWith(`: ${event}`)).length;
  }

  /** The sandboxes that live. */
  get living(): readonly string[] {
    return this.far.filter(({ lives }) => lives).map(({ id }) => id);
  }

  /** Ends a sandbox as its own idle time does. */
  expire(index = 0): void {
    const sandbox = this.far[index];
    if (sandbox !== undefined) sandbox.lives = false;
  }

  #host(process: string): SessionHost {
    return {
      sessions: () => Promise.resolve<SessionStore | undefined>(this.hasStore ? this.store : undefined),
      mayReconnect: () => Promise.resolve(this.canReconnect),
      isActive: (providerId, configDigest) =>
        Promise.resolve(providerId === this.active.providerId && configDigest === this.active.configDigest),
      create: async (wish, call) => {
        this.wishes.push(wish);
        await this.onCreate(call);
        const sandbox = this.#make(wish, process);
        this.note(process, `create ${sandbox.id}`);
        const { executesOnce } = this;
        return { sandbox, ...this.active, canReconnect: wish.wantsReconnect && this.canReconnect, executesOnce };
      },
      connect: async (providerId, configDigest, sandboxId, call) => {
        this.note(process, `connect ${sandboxId}`);
        await this.onConnect(call);
        if (providerId !== this.active.providerId || configDigest !== this.active.configDigest) return undefined;
        const far = this.far.find(({ id }) => id === sandboxId);
        if (far?.lives !== true) throw new SandboxError('SANDBOX_NOT_FOUND', 'It is gone.');
        return new WorldSandbox(this, far, process);
      },
      letGo: ({ id }) => this.letGo.push(id),
      warn: (warning) => this.warnings.push(warning),
    };
  }

  #make({ options }: SandboxWish, process: string): WorldSandbox {
    const id = this.nextId ?? `sandbox-${this.far.length + 1}`;
    const far: FarSandbox = {
      id,
      ...this.active,
      language: options.language,
      files: new Map(),
      contexts: new Set(),
      holder: undefined,
      lives: true,
      executions: 0,
    };
    this.far.push(far);
    return new WorldSandbox(this, far, process);
  }
}
