// An executor that is killed under load. Oftener, by hand: SANDPORT_KILLS=20 node tools/engine/main.mjs run -- npx vitest run --project engine apps/executor/test/kill.engine.test.ts
import { beforeAll, expect, test } from 'vitest';
import { describeKills } from './load/describe-overload.mjs';
import { killUnderLoad } from './load/kills.mjs';
import { buildExecutor } from './support/build-executor.ts';

const kills = Number(process.env['SANDPORT_KILLS'] ?? 2);

beforeAll(buildExecutor, 120_000);

test(
  'an executor that is killed under load comes back on its port, and none of its containers is left',
  { timeout: 60_000 + kills * 60_000 },
  async () => {
    const reports = await killUnderLoad({ kills });
    process.stdout.write(`${describeKills(reports)}\n`);
    expect(reports).toHaveLength(kills);
    expect(reports.map(({ left }) => left)).toEqual(reports.map(() => 0));
    expect(reports.some(({ containers }) => containers > 0)).toBe(true);
  },
);
