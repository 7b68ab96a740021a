import { settleWithin, type ConnectionEnd, type InstanceEnd, type InstanceWitness } from '@sandport/provider-kit';
import type { ChildProcessHandle } from '../child/start-child.ts';

/** From the end of a child's output to the kernel's word that it has ended. */
const END_TIMEOUT_MS = 2_000;

/** What the kernel says of a child process: we are its parent. */
export class ChildWitness implements InstanceWitness {
  readonly #child: ChildProcessHandle;

  constructor(child: ChildProcessHandle) {
    this.#child = child;
  }

  async endOf(_connectionEnd: ConnectionEnd): Promise<InstanceEnd | null> {
    if (!(await settleWithin(this.#child.exited, END_TIMEOUT_MS))) return null;
    const { exitCode } = await this.#child.exited;
    // A child process that ends under its program does not say why: the machine may have run out of memory, or somebody ended it.
    return { evidence: { kind: 'sandbox-end', observer: 'host', exitCode }, outOfMemory: null };
  }
}
