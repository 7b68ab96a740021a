import { randomBytes } from 'node:crypto';
import { SandboxError } from '@sandport/core';
import { ServiceProblem } from '@sandport/http-service';
import { InputPipe } from './input-pipe.ts';
import { OutputWindow } from './output-window.ts';

/** Whose a call is. */
export interface Ownership {
  readonly tokenId: string;
  readonly tenant: string;
}

/** A call that runs. */
export interface LiveExecution {
  readonly id: string;
  /** Fires when the call is withdrawn. */
  readonly signal: AbortSignal;
  /** Its standard input, where that comes by itself. */
  readonly input: InputPipe;
  /** How far its output may go ahead of its reader. */
  readonly window: OutputWindow;
  withdraw(): void;
  /** The call is over: nothing can be done about it any more. */
  end(): void;
}

/** The calls that run here, by their ids. Whoever may withdraw one is its maker: another's id is as good as none. */
export class ExecutionRegistry {
  readonly #executorName: string;
  readonly #live = new Map<string, { readonly execution: LiveExecution; readonly owner: Ownership }>();

  #isWithdrawn = false;

  constructor(executorName: string) {
    this.#executorName = executorName;
  }

  get size(): number {
    return this.#live.size;
  }

  begin(owner: Ownership, outputWindowBytes = Number.POSITIVE_INFINITY): LiveExecution {
    const id = `${this.#executorName}.${randomBytes(16).toString('base64url')}`;
    const controller = new AbortController();
    if (this.#isWithdrawn) controller.abort();
    const input = new InputPipe();
    const window = new OutputWindow(outputWindowBytes);
    const execution: LiveExecution = {
      id,
      signal: controller.signal,
      input,
      window,
      withdraw: () => controller.abort(),
      end: () => {
        this.#live.delete(id);
        input.close();
        window.close();
      },
    };
    this.#live.set(id, { execution, owner });
    return execution;
  }

  /** @throws ServiceProblem `NOT_FOUND`, also for what is somebody else's. */
  find(id: string, owner: Ownership): LiveExecution {
    const found = this.#live.get(id);
    if (found === undefined || found.owner.tokenId !== owner.tokenId || found.owner.tenant !== owner.tenant) {
      throw new ServiceProblem('NOT_FOUND', 'No call of this id runs.');
    }
    return found.execution;
  }

  /** Also those that come from now on. */
  withdrawAll(): void {
    this.#isWithdrawn = true;
    for (const { execution } of this.#live.values()) execution.withdraw();
  }
}

/** What a withdrawn call fails with before its program was started. */
export function withdrawnError(): SandboxError {
  return new SandboxError('CANCELLED', 'The call was withdrawn by its caller.', {
    suggestion: 'Nothing was run; call again when it is wanted.',
  });
}
