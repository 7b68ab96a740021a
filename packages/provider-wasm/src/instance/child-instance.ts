import { randomUUID } from 'node:crypto';
import { readHello, SupervisorConnection, type SupervisedInstance } from '@sandport/provider-kit';
import type { ChildProfile } from '../child-profile.ts';
import type { ChildProcessHandle } from '../child/start-child.ts';
import { WASM_TERMS, wasmError } from '../wasm-errors.ts';
import { ChildStreams } from './child-streams.ts';
import { ChildWitness } from './child-witness.ts';

/** From a child's start to its first word. A machine under load needs seconds. */
const BOOT_TIMEOUT_MS = 30_000;

/** A child process whose interpreter waits for a job. */
export interface ChildInstance extends SupervisedInstance {
  readonly child: ChildProcessHandle;
}

/**
 * Waits until a child process that was just started can take a job. On every failure it is ended.
 *
 * @throws SandboxError `ISOLATION_MISMATCH`, `RUNTIME_MISSING`, `PROVIDER_UNAVAILABLE`, `DEADLINE_EXCEEDED`, `CANCELLED`.
 */
export async function greetChild(child: ChildProcessHandle, profile: ChildProfile, signal: AbortSignal): Promise<ChildInstance> {
  const connection = new SupervisorConnection(WASM_TERMS, new ChildStreams(child));
  try {
    const hello = await readHello(connection, {
      timeoutMs: BOOT_TIMEOUT_MS,
      signal,
      suggestion: 'Look at the load of the machine, and run "sandport doctor".',
      versionError: () =>
        wasmError('RUNTIME_MISSING', 'boot child process', 'The files of the child process are not of this version of the package.', {
          suggestion: 'Install the package again.',
        }),
    });
    if (hello.isolation.kind !== 'wasm') throw mismatchError(hello.isolation.kind);
    const { measuredBy, hardening } = hello.isolation;
    return {
      id: `wasm-${randomUUID()}`,
      language: profile.language,
      limits: profile.limits,
      connection,
      isolation: { kind: 'wasm', measuredBy, ...(hardening === undefined ? {} : { hardening }) },
      outlivesConnection: false,
      endsPrograms: false,
      witness: new ChildWitness(child),
      child,
    };
  } catch (error) {
    connection.close();
    child.kill();
    await child.exited;
    throw error;
  }
}

function mismatchError(measured: string): Error {
  return wasmError('ISOLATION_MISMATCH', 'measure isolation', `A child process measured the isolation "${measured}".`, {
    suggestion: 'Install the package again.',
    details: { demanded: 'wasm', measured },
  });
}
