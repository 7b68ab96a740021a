import { SandboxMachine } from '../execution/sandbox-machine.ts';
import type { SandboxHost } from '../execution/sandbox-host.ts';

/** The containers of one language. Each is made when it is first needed, and used by everybody again and again, with whatever others left in it. */
export class ContainerPool {
  readonly #host: SandboxHost;
  readonly #waitMs: number;
  #unmade: number;
  readonly #free: SandboxMachine[] = [];
  readonly #machines = new Set<SandboxMachine>();
  readonly #waiting = new Set<(machine: SandboxMachine) => void>();
  #isClosed = false;

  constructor(host: SandboxHost, size: number, waitMs: number) {
    this.#host = host;
    this.#waitMs = waitMs;
    this.#unmade = size;
  }

  /** A container that nobody uses now, or nothing when none became free in time. */
  async take(): Promise<SandboxMachine | undefined> {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    if (this.#unmade > 0) return this.#make();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(give);
        resolve(undefined);
      }, this.#waitMs);
      const give = (machine: SandboxMachine): void => {
        clearTimeout(timer);
        resolve(machine);
      };
      this.#waiting.add(give);
    });
  }

  /** Gives a container back. */
  release(machine: SandboxMachine): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#free.push(machine);
      return;
    }
    this.#waiting.delete(next);
    next(machine);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#machines].map((machine) => machine.end()));
  }

  async #make(): Promise<SandboxMachine> {
    this.#unmade -= 1;
    try {
      const machine = await SandboxMachine.start(this.#host.machineKind, this.#host.interpreters);
      this.#machines.add(machine);
      if (this.#isClosed) await machine.end();
      return machine;
    } catch (error) {
      this.#unmade += 1;
      throw error;
    }
  }
}
