import { describe, expect, test } from 'vitest';
import { PieceQueue } from './piece-queue.ts';

const NEVER = Number.POSITIVE_INFINITY;
const makeQueue = (): { queue: PieceQueue<string>; pressure: boolean[] } => {
  const pressure: boolean[] = [];
  return { queue: new PieceQueue<string>((isHigh) => pressure.push(isHigh)), pressure };
};

describe('PieceQueue', () => {
  test('gives pieces in their order, also to one who waits, and then that it is closed', async () => {
    const { queue } = makeQueue();
    const waiting = queue.next(NEVER);
    for (const piece of ['a', 'b']) queue.push(piece);
    queue.close();
    expect([await waiting, await queue.next(NEVER), await queue.next(NEVER)]).toEqual([{ piece: 'a' }, { piece: 'b' }, 'closed']);
  });

  test('says that nothing came', async () => {
    expect(await makeQueue().queue.next(1)).toBe('idle');
  });

  test('tells when its reader falls behind, and when he has caught up', async () => {
    const { queue, pressure } = makeQueue();
    for (let turn = 0; turn < 5; turn += 1) queue.push('x', 250_000);
    expect([queue.isHigh, pressure]).toEqual([true, [true]]);
    for (let turn = 0; turn < 3; turn += 1) await queue.next(NEVER);
    expect(queue.isHigh).toBe(true);
    await queue.next(NEVER);
    expect([queue.isHigh, pressure]).toEqual([false, [true, false]]);
  });

  test('takes nothing more without a reader, and wakes him', async () => {
    const { queue, pressure } = makeQueue();
    queue.push('x', 2_000_000);
    queue.discard();
    queue.push('y', 2_000_000);
    expect([await queue.next(NEVER), pressure]).toEqual(['closed', [true, false]]);
    const { queue: other } = makeQueue();
    const waiting = other.next(NEVER);
    other.discard();
    expect(await waiting).toBe('closed');
  });
});
