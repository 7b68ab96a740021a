// Four times what an executor can do, in front of a real engine. Longer, by hand: SANDPORT_LOAD_SECONDS=60 node tools/engine/main.mjs run -- npx vitest run --project engine apps/executor/test/load.engine.test.ts
import { beforeAll, expect, test } from 'vitest';
import { MORE_WAITING, overload } from './load/overload.mjs';
import { describeOverload } from './load/describe-overload.mjs';
import { buildExecutor } from './support/build-executor.ts';

const seconds = Number(process.env['SANDPORT_LOAD_SECONDS'] ?? 8);
const MEBIBYTE = 1024 * 1024;

beforeAll(buildExecutor, 120_000);

test(
  'under four times what it can do, each call is answered or told when to come again, and nothing is left',
  { timeout: 120_000 + seconds * 1000 },
  async () => {
    const report = await overload({ seconds });
    process.stdout.write(`${describeOverload(report)}\n`);
    const { tally, before, after, containersLeft, unreadyLooks, end } = report;
    expect(tally.wrong).toEqual([]);
    expect([tally.answered > 0, tally.refused > 0, tally.withdrawn > 0]).toEqual([true, true, true]);
    expect(unreadyLooks).toBe(0);
    expect(after.sockets).toBeLessThanOrEqual(before.sockets + MORE_WAITING);
    expect(after.heapBytes - before.heapBytes).toBeLessThan(16 * MEBIBYTE);
    expect(after.residentBytes - before.residentBytes).toBeLessThan(128 * MEBIBYTE);
    expect([containersLeft, end]).toEqual([0, { exitCode: 0, signal: null }]);
  },
);
