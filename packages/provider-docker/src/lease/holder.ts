import { readFileSync, readlinkSync } from 'node:fs';

/** Whether the process that a holder names lives. It is known only to processes of the same system that see the same process ids. */
export type HolderState = 'alive' | 'dead' | 'unknown';

const START_TIME_FIELD = 22;

/** This process, as a text that no other process of any machine has: system start, process namespace, process id and the time when it started. */
export function thisHolder(): string {
  const system = thisSystem();
  return system === undefined ? UNKNOWN_HOLDER : [...system, process.pid, startTimeOf(process.pid) ?? 0].join('/');
}

/** Looks whether the process that {@link thisHolder} named is still there. */
export function holderState(holder: string): HolderState {
  const system = thisSystem();
  const [bootId, namespace, processId, startTime] = holder.split('/');
  if (system === undefined || bootId !== system[0] || namespace !== system[1] || !/^\d+$/.test(processId ?? '')) return 'unknown';
  return startTimeOf(Number(processId)) === startTime ? 'alive' : 'dead';
}

/** Where the system does not tell, for example on macOS, leases alone decide. */
const UNKNOWN_HOLDER = 'unknown';

function thisSystem(): readonly [bootId: string, namespace: string] | undefined {
  const bootId = ifReadable(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
  const namespace = ifReadable(() => readlinkSync('/proc/self/ns/pid'));
  return bootId === undefined || namespace === undefined ? undefined : [bootId, namespace.replace(/\D/g, '')];
}

function startTimeOf(processId: number): string | undefined {
  const stat = ifReadable(() => readFileSync(`/proc/${processId}/stat`, 'utf8'));
  // The name in parentheses may hold any character. What follows it begins with the third field.
  const [state, ...fields] = stat?.slice(stat.lastIndexOf(')') + 2).split(' ') ?? [];
  return state === undefined || state === 'Z' || state === 'X' ? undefined : fields[START_TIME_FIELD - 4];
}

function ifReadable<Result>(read: () => Result): Result | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}
