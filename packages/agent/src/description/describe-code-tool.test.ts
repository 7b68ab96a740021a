import { describe, expect, test } from 'vitest';
import { KeptWorld } from '../../test/kept-world.ts';
import { checkToolOptions, type CodeToolOptions } from '../tool/code-tool-options.ts';
import { describeCodeTool } from './describe-code-tool.ts';
import { bytesText } from './describe-limits.ts';

function describeWith(options: Partial<CodeToolOptions> = {}, capabilities: Partial<KeptWorld['capabilities']> = {}): string {
  return describeCodeTool(checkToolOptions({ runner: new KeptWorld(capabilities), ...options }));
}

describe('the description', () => {
  test('names the languages that may be used, and no others', () => {
    expect(describeWith()).toContain('Runs Python or JavaScript code');
    const python = describeWith({ languages: ['python'] });
    expect(python).toContain('Runs Python code');
    expect(python).not.toContain('JavaScript');
  });

  test('tells Node from plain ECMAScript', () => {
    expect(describeWith()).toContain('Node.js with its own modules');
    expect(describeWith()).toContain("require('node:fs')");
    const plain = describeWith({}, { javascriptRuntime: 'ecmascript' });
    expect(plain).toContain('not Node.js');
    expect(plain).toContain('sandbox.files.write(');
    expect(plain).not.toContain("require('node:fs')");
  });

  test('names libraries where they are known', () => {
    expect(describeWith({ libraries: { python: ['numpy', 'pandas'] } })).toContain('also installed: numpy, pandas.');
    expect(describeWith()).toContain('no other package can be relied on');
  });

  test('asks for artifacts only where they come back', () => {
    expect(describeWith()).toContain('artifacts/');
    const none = describeWith({}, { artifacts: false });
    expect(none).not.toContain('artifacts/');
    expect(none).toContain('do not come back');
  });

  test('tells programs from cells, and what is kept', () => {
    expect(describeWith()).toContain('main(**arguments) in Python, main(arguments) in JavaScript');
    expect(describeWith()).toContain('neither variables nor files stay');
    const cells = describeWith({ state: 'variables', idleTimeoutMs: 90_000 });
    expect(cells).toContain('notebook cell');
    expect(cells).not.toContain('def main');
    expect(cells).toContain('after 90 s without a call');
    expect(describeWith({ state: 'files' })).toContain('Files stay from call to call, variables do not');
  });

  test('has the limits with their units', () => {
    const text = describeWith({ limits: { timeoutMs: 2500, memoryBytes: 512 * 2 ** 20, outputBytes: 65_536 } });
    expect(text).toContain('Limits: 2.5 s of time, 512 MiB of memory, 64 KiB printed, 8 MiB of value');
  });

  test('ends with what the developer adds', () => {
    expect(describeWith({ instructions: 'Round to two digits.' }).endsWith('\n\nRound to two digits.')).toBe(true);
  });
});

test.each([
  [0, '0 bytes'],
  [1023, '1023 bytes'],
  [1024, '1 KiB'],
  [1536, '1.5 KiB'],
  [10 * 2 ** 20, '10 MiB'],
  [2 ** 41, '2 TiB'],
])('%s bytes are %s', (bytes, text) => {
  expect(bytesText(bytes)).toBe(text);
});
