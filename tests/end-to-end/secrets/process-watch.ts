import { readdirSync, readFileSync } from 'node:fs';

/** Looks at the command lines of all processes, as any user of the machine may, until it is told to end. */
export function watchProcesses(look: (place: string, content: string) => void): { readonly end: () => number } {
  let rounds = 0;
  const timer = setInterval(() => {
    rounds += 1;
    for (const id of readdirSync('/proc')) if (/^\d+$/.test(id)) lookAt(id, look);
  }, 10);
  const end = () => {
    clearInterval(timer);
    return rounds;
  };
  return { end };
}

function lookAt(id: string, look: (place: string, content: string) => void): void {
  try {
    look(`the command line of process ${id}`, readFileSync(`/proc/${id}/cmdline`, 'latin1'));
  } catch (error) {
    // It ended while we looked.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
}
