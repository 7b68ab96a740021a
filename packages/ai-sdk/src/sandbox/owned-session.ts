import { SandboxError } from '@sandport/core';
import type { Experimental_SandboxSession } from 'ai';
import { FileAndCommandSession, type SessionParts } from './file-and-command-session.ts';

/** What a harness may ask the network of a sandbox to be. */
export interface NetworkRequest {
  readonly mode: 'allow-all' | 'deny-all' | 'custom';
}

/**
 * A sandbox as whoever made it has it, and as the AI SDK's harnesses take it. Its programs have no network, so that it has no ports either: a harness that talks to a
 * bridge inside through a port is refused.
 */
export interface SandboxSession extends Experimental_SandboxSession, AsyncDisposable {
  /** The provider's own name of the sandbox. */
  readonly id: string;
  /** Absolute path of the work folder, in which relative paths begin; `.` where the provider runs no commands. */
  readonly defaultWorkingDirectory: string;
  /** Always empty. */
  readonly ports: readonly number[];
  /** @throws SandboxError `CAPABILITY_UNSUPPORTED`, always. */
  getPortEndpoint(options: { port: number; protocol?: 'http' | 'https' | 'ws' }): Promise<{ url: string }>;
  /** @throws SandboxError `CAPABILITY_UNSUPPORTED`, always. */
  getPortUrl(options: { port: number; protocol?: 'http' | 'https' | 'ws' }): Promise<string>;
  /** `deny-all` is what is in force anyway. @throws SandboxError `CAPABILITY_UNSUPPORTED` for anything else. */
  setNetworkPolicy(policy: NetworkRequest): Promise<void>;
  /** Ends the sandbox and all that runs in it. Nothing of it stays. Idempotent. @throws SandboxError what the provider throws. */
  stop(): Promise<void>;
  /** The same as {@link SandboxSession.stop}. */
  destroy(): Promise<void>;
  /** The same sandbox, for tools: without anything that ends it. */
  restricted(): Experimental_SandboxSession;
}

/** The whole of a session, with what ends it. */
export class OwnedSession extends FileAndCommandSession implements SandboxSession {
  readonly id: string;
  readonly defaultWorkingDirectory: string;
  readonly ports: readonly number[] = [];
  readonly #parts: SessionParts;

  constructor(parts: SessionParts) {
    super(parts);
    this.#parts = parts;
    this.id = parts.sandbox.id;
    this.defaultWorkingDirectory = parts.workFolder ?? '.';
  }

  async getPortEndpoint({ port }: { port: number }): Promise<{ url: string }> {
    throw noNetwork('ports', `port ${port} cannot be reached: a sandbox has no network`);
  }

  async getPortUrl(options: { port: number }): Promise<string> {
    return (await this.getPortEndpoint(options)).url;
  }

  async setNetworkPolicy({ mode }: NetworkRequest): Promise<void> {
    if (mode !== 'deny-all') throw noNetwork('network', `the policy "${mode}" cannot be kept: a sandbox has no network`);
  }

  stop(): Promise<void> {
    return this.#parts.sandbox.destroy();
  }

  destroy(): Promise<void> {
    return this.stop();
  }

  restricted(): Experimental_SandboxSession {
    return new FileAndCommandSession(this.#parts);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}

function noNetwork(field: string, message: string): SandboxError {
  return new SandboxError('CAPABILITY_UNSUPPORTED', `${field}: ${message}.`, {
    operation: 'useSandboxSession',
    suggestion: 'Use a harness that runs beside your program and needs only files and commands of the sandbox.',
    details: { field, capability: 'network' },
  });
}
