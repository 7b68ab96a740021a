import { randomUUID } from 'node:crypto';
import { RemoteFailure } from '@sandport/provider-kit';
import { LocalSandbox } from './local-sandbox.ts';
import type { MadeSandbox, SandboxService } from './sandbox-service.ts';

/** An hour more than the configuration lets anybody ask for: a sandbox has lived for a moment when its life is put off. */
const LIFE_MS = 90_000_000;

/**
 * Stands in for a service: its sandboxes are folders and processes of this machine. The kit's supervisor takes the network and privileges from programs, and as root gives them a user of their
 * own; under another user they share that user with its other processes. Nothing else separates them from the machine. Needs Linux and Python 3.9.
 */
export class LocalService implements SandboxService {
  readonly measuredBy = 'nothing: programs are processes of this machine';
  readonly warning = {
    message:
      'Programs run as processes of this machine: they read what its users may read, share its kernel, and reach other processes of this user unless this is root.',
    remedy: 'Put the calls of a service in the place of src/service/local-service.ts before code of strangers is run.',
  };
  readonly #pythonPath: string;
  readonly #sandboxes = new Map<string, LocalSandbox>();

  constructor(pythonPath: string) {
    this.#pythonPath = pythonPath;
  }

  async createSandbox(signal: AbortSignal): Promise<MadeSandbox> {
    const id = randomUUID();
    const sandbox = await LocalSandbox.open(this.#pythonPath, LIFE_MS);
    this.#sandboxes.set(id, sandbox);
    void sandbox.ended.then(() => this.#sandboxes.delete(id));
    if (signal.aborted) {
      await sandbox.end();
      throw signal.reason;
    }
    return { id, endsAtMs: Date.now() + LIFE_MS };
  }

  runPython(sandboxId: string, program: Uint8Array, signal: AbortSignal): Promise<string> {
    const sandbox = this.#sandboxes.get(sandboxId);
    if (sandbox === undefined)
      return Promise.reject(new RemoteFailure({ action: 'RunPython', kind: 'refused', status: 404 }, 'this machine'));
    return sandbox.run(program, signal);
  }

  hasSandbox(sandboxId: string): Promise<boolean> {
    return Promise.resolve(this.#sandboxes.has(sandboxId));
  }

  async deleteSandbox(sandboxId: string): Promise<void> {
    await this.#sandboxes.get(sandboxId)?.end();
  }
}
