// @ts-check
import { describe, expect, it } from 'vitest';
import { parseCommandLine, usage } from './command-line.mjs';

describe('parseCommandLine', () => {
  it('hands everything after the separator to the command', () => {
    expect(parseCommandLine(['run', '--', 'npm', 'test', '--', '--help'])).toEqual({
      action: 'run',
      command: ['npm', 'test', '--', '--help'],
    });
  });

  it('starts', () => {
    expect(parseCommandLine(['start'])).toEqual({ action: 'start' });
  });

  it.each([[['--help']], [['run', '-h', '--', 'x']]])('helps with %j', (args) => {
    expect(parseCommandLine(args)).toEqual({ action: 'help' });
  });

  it.each([[[]], [['run']], [['run', '--']], [['run', 'npm']], [['start', '--', 'x']], [['begin']], [['start', '--fast']]])(
    'names what is wrong with %j',
    (args) => {
      expect(parseCommandLine(args)).toMatchObject({ action: 'misuse', problem: expect.any(String) });
    },
  );

  it('names in its help what tests read', () => {
    for (const name of ['SANDPORT_TEST_POSTGRES_URL', 'SANDPORT_TEST_MYSQL_URL']) expect(usage).toContain(name);
  });
});
