// @ts-check
import { describe, expect, test } from 'vitest';
import { ToolFailedError } from '../setup/run-tool.mjs';
import { runChecks } from './run-checks.mjs';

const signal = new AbortController().signal;
const good = { title: 'good', run: async () => undefined };
const bad = {
  title: 'bad',
  run: async () => {
    throw new ToolFailedError('linter', 2, 'line 3: wrong\n');
  },
};

describe('runChecks', () => {
  test('counts what passed', async () => {
    expect(await runChecks({ log: () => undefined, signal, steps: [good, good] })).toEqual({ passed: 2, failed: 0 });
  });

  test('stops at the first failure and shows what the tool said', async () => {
    /** @type {string[]} */
    const lines = [];
    const outcome = await runChecks({ log: (line) => lines.push(line), signal, steps: [good, bad, good] });
    expect(outcome).toEqual({ passed: 1, failed: 1 });
    expect(lines[1]).toMatch(/^FAILED bad \(\d+\.\d s\): `linter` ended with exit code 2$/);
    expect(lines[2]).toBe('line 3: wrong');
    expect(lines).toHaveLength(3);
  });

  test('passes on a fault that is not a finding', async () => {
    const broken = { title: 'broken', run: () => Promise.reject(new RangeError('no such tool')) };
    await expect(runChecks({ log: () => undefined, signal, steps: [broken] })).rejects.toThrow(RangeError);
  });
});
