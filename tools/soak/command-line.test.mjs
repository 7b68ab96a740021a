// @ts-check
import { describe, expect, test } from 'vitest';
import { parseCommandLine, SCENARIOS, usage } from './command-line.mjs';

describe('parseCommandLine', () => {
  test('runs every scenario under both isolations when nothing is asked', () => {
    expect(parseCommandLine([])).toEqual({
      action: 'run',
      asIs: false,
      args: [...SCENARIOS.map((name) => `--only=${name}`), '--isolation=runc', '--isolation=gvisor', '--scale=1'],
    });
  });

  test('passes on what is chosen', () => {
    expect(parseCommandLine(['--only', 'burst', '--isolation=gvisor', '--scale', '0.1', '--as-is', '--json'])).toEqual({
      action: 'run',
      asIs: true,
      args: ['--only=burst', '--isolation=gvisor', '--scale=0.1', '--json'],
    });
  });

  test('prefers help', () => {
    expect(parseCommandLine(['--json', '--help'])).toEqual({ action: 'help' });
  });

  test.each([[['--only', 'bursts']], [['--isolation', 'kata']], [['--scale', '0']], [['--scale', 'much']], [['burst']], [['--as-was']]])(
    'refuses %j',
    (args) => {
      expect(parseCommandLine(args)).toMatchObject({ action: 'misuse', problem: expect.any(String) });
    },
  );

  test('shows every option and scenario in its help', () => {
    for (const word of ['--only', '--isolation', '--scale', '--as-is', '--json', '--help', ...SCENARIOS]) expect(usage).toContain(word);
  });
});
