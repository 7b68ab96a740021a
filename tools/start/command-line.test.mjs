// @ts-check
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { repositoryRoot } from '../setup/repository.mjs';
import { parseCommandLine, usage } from './command-line.mjs';

describe('parseCommandLine', () => {
  test('listens on this machine alone, and keeps all in the clone, unless told otherwise', () => {
    expect(parseCommandLine([])).toEqual({
      action: 'start',
      listen: '127.0.0.1:7420',
      folder: path.join(repositoryRoot, '.sandport'),
      asIs: false,
    });
  });

  test('takes an address and a folder', () => {
    const listening = { action: 'start', listen: '[::1]:8080', folder: '/somewhere/kept', asIs: false };
    expect(parseCommandLine(['--listen', '[::1]:8080', '--folder', 'kept'], '/somewhere')).toEqual(listening);
    expect(parseCommandLine(['--listen=0.0.0.0:0', '--folder=/kept'])).toEqual({
      action: 'start',
      listen: '0.0.0.0:0',
      folder: '/kept',
      asIs: false,
    });
    expect(parseCommandLine(['--as-is'])).toMatchObject({ action: 'start', asIs: true });
    expect(parseCommandLine(['--listen', 'localhost:65535'])).toMatchObject({ action: 'start', listen: 'localhost:65535' });
  });

  test.each(['7420', ':7420', '127.0.0.1', '127.0.0.1:', '127.0.0.1:65536', '::1:7420', 'http://127.0.0.1:7420', 'a b:1', ''])(
    'refuses what is no host and port: "%s"',
    (listen) => {
      expect(parseCommandLine([`--listen=${listen}`])).toMatchObject({
        action: 'misuse',
        problem: expect.stringContaining('--listen takes'),
      });
    },
  );

  test.each([['--folder='], ['--open'], ['serve']])('refuses what it does not know: %s', (word) => {
    expect(parseCommandLine([word])).toMatchObject({ action: 'misuse' });
  });

  test('shows its options when asked', () => {
    expect(parseCommandLine(['--listen', '127.0.0.1:1', '--help'])).toEqual({ action: 'help' });
    for (const option of ['--listen', '--folder', '--help']) expect(usage).toContain(option);
  });
});
