import { setTimeout as delay } from 'node:timers/promises';

/** Waits until something is so; fails when it takes too long even for a crowded machine. */
export async function until(isSo: () => boolean | Promise<boolean>, withinMs = 10_000): Promise<void> {
  const endsAt = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > endsAt) throw new Error(`not so within ${withinMs} ms: ${String(isSo)}`);
    await delay(5);
  }
}
