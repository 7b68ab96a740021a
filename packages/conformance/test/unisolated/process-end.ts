/** Ends a process, or the whole group when the number is negative, unless it is gone already. */
export function sendSignal(target: number, signal: 'SIGKILL' | 'SIGINT'): void {
  try {
    process.kill(target, signal);
  } catch (error) {
    // ESRCH: nobody is left.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
