// @ts-check
import { describe, expect, test } from 'vitest';
import { parseCommandLine, usage } from './command-line.mjs';

describe('parseCommandLine', () => {
  test('runs everything once when nothing is asked', () => {
    expect(parseCommandLine([])).toEqual({ action: 'run', nodeMajors: [], packaging: false });
  });

  test('takes several Node majors, each once', () => {
    expect(parseCommandLine(['--node', '22', '--node=24', '--node', '22', '--packaging'])).toEqual({
      action: 'run',
      nodeMajors: [22, 24],
      packaging: true,
    });
  });

  test('prefers help', () => {
    expect(parseCommandLine(['--packaging', '--help'])).toEqual({ action: 'help' });
  });

  test.each([[['--node']], [['--node', 'latest']], [['--node', '22.1.0']], [['--nodes', '22']], [['22']], [['--packaging=yes']]])(
    'refuses %j',
    (args) => {
      expect(parseCommandLine(args)).toMatchObject({ action: 'misuse', problem: expect.any(String) });
    },
  );

  test('shows every option in its help', () => {
    for (const option of ['--node', '--packaging', '--help']) expect(usage).toContain(option);
  });
});
