// @ts-check
import { describe, expect, it } from 'vitest';
import { parseCommandLine } from './command-line.mjs';

describe('parseCommandLine', () => {
  it('hands everything after the separator to the command', () => {
    expect(parseCommandLine(['run', '--private', '--', 'npm', 'test', '--', '--help'])).toEqual({
      action: 'run',
      preferPrivate: true,
      command: ['npm', 'test', '--', '--help'],
    });
  });

  it('starts, privately or not', () => {
    expect(parseCommandLine(['start'])).toEqual({ action: 'start', preferPrivate: false });
    expect(parseCommandLine(['--private', 'start'])).toEqual({ action: 'start', preferPrivate: true });
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
});
