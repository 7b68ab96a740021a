import { createHash } from 'node:crypto';
import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** Who makes sandboxes: a machine, and a process on it. */
export interface OwnerMark {
  /** 8 characters that are the same for all processes that can see each other, until the machine is started anew. */
  readonly machine: string;
  readonly processId: number;
  /** When the process began, in the kernel's ticks since the machine did; 0 where that cannot be seen. Process ids are given out again. */
  readonly startTicks: number;
}

let own: Promise<OwnerMark> | undefined;

/** The mark of this process. */
export function ownerMark(): Promise<OwnerMark> {
  own ??= readOwnMark();
  return own;
}

/** Whether the process of a mark still runs. Nothing when it cannot be known from here. */
export async function isOwnerAlive(mark: OwnerMark): Promise<boolean | undefined> {
  const { machine } = await ownerMark();
  if (mark.machine !== machine) return undefined;
  if (!isProcessAlive(mark.processId)) return false;
  const startTicks = await readStartTicks(mark.processId);
  return startTicks === 0 || mark.startTicks === 0 || startTicks === mark.startTicks;
}

async function readOwnMark(): Promise<OwnerMark> {
  const facts = [
    hostname(),
    await textOrNothing(readFile('/proc/sys/kernel/random/boot_id', 'utf8')),
    await textOrNothing(readlink('/proc/self/ns/pid')),
  ];
  const machine = createHash('sha256').update(facts.join('|')).digest('hex').slice(0, 8);
  return { machine, processId: process.pid, startTicks: await readStartTicks(process.pid) };
}

function isProcessAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    // It is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** The 22nd field of `/proc/PID/stat`; the second may contain blanks and ends with the last parenthesis. */
async function readStartTicks(processId: number): Promise<number> {
  const stat = await textOrNothing(readFile(`/proc/${processId}/stat`, 'utf8'));
  const ticks = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '');
  return Number.isSafeInteger(ticks) ? ticks : 0;
}

/** Systems other than Linux have none of these files. */
async function textOrNothing(reading: Promise<string>): Promise<string> {
  const [outcome] = await Promise.allSettled([reading]);
  return outcome.status === 'fulfilled' ? outcome.value : '';
}
