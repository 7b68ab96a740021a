import { SandboxError, type ExecutionRequest, type Language } from '@sandport/core';
import { CellRun } from './cell-run.ts';
import { ContextProcess } from './context-process.ts';
import type { Habits } from './habits.ts';
import type { ProgramHandle } from './program-handle.ts';

/** The interpreters of one sandbox, by the ids of their contexts. */
export class ContextTable {
  readonly #language: Language;
  readonly #habits: Habits;
  readonly #start: () => Promise<ProgramHandle>;
  readonly #endSandbox: () => void;
  readonly #processes = new Map<string, ContextProcess>();

  constructor(language: Language, habits: Habits, start: () => Promise<ProgramHandle>, endSandbox: () => void) {
    this.#language = language;
    this.#habits = habits;
    this.#start = start;
    this.#endSandbox = endSandbox;
  }

  /** Starts an interpreter and gives the id of its context. */
  async create(): Promise<string> {
    const { maximum, interpreter } = this.#habits.contexts;
    const living = [...this.#processes.values()].filter(({ hasEnded }) => !hasEnded);
    if (living.length >= maximum) {
      throw new SandboxError('CAPACITY_EXHAUSTED', `This sandbox has ${living.length} contexts, and no more at a time.`, {
        suggestion: 'Destroy a context that is not needed any more.',
      });
    }
    const id = crypto.randomUUID();
    const [first] = living;
    this.#processes.set(id, interpreter === 'of-the-sandbox' && first !== undefined ? first : await this.#newProcess());
    return id;
  }

  /** Prepares a cell. */
  async startCell(id: string, request: ExecutionRequest): Promise<CellRun> {
    const { interpreter, endOfInterpreter, unknown } = this.#habits.contexts;
    const process = this.#processes.get(id);
    const isAlive = process !== undefined && !process.hasEnded;
    if (isAlive && interpreter !== 'of-the-cell') return new CellRun(request, process, this.#habits);
    const isRevived = process === undefined ? unknown === 'made' : endOfInterpreter === 'begins-anew' || isAlive;
    if (!isRevived) {
      if (endOfInterpreter === 'ends-sandbox') this.#endSandbox();
      throw new SandboxError('CONTEXT_CLOSED', `The context ${id} has ended.`, { suggestion: 'Create another one.' });
    }
    process?.kill();
    const anew = await this.#newProcess();
    this.#processes.set(id, anew);
    return new CellRun(request, anew, this.#habits);
  }

  interrupt(id: string): void {
    this.#processes.get(id)?.interrupt();
  }

  async end(id: string): Promise<void> {
    const process = this.#processes.get(id);
    const { destroyed } = this.#habits.contexts;
    if (process?.hasEnded === true && destroyed === 'refused-twice') throw new SandboxError('CONTEXT_CLOSED', 'It has ended already.');
    if (destroyed === 'forgotten') return;
    process?.kill();
    await process?.ended;
  }

  endAll(): void {
    for (const process of this.#processes.values()) process.kill();
  }

  async #newProcess(): Promise<ContextProcess> {
    return new ContextProcess(this.#language, await this.#start(), this.#habits);
  }
}

/** Refuses what is no id of a context at all. */
export function checkContextId(id: string): void {
  if (/^[0-9a-f-]{36}$/.test(id)) return;
  throw new SandboxError('REQUEST_INVALID', 'id: is no id of a context.', { details: { field: 'id' } });
}
