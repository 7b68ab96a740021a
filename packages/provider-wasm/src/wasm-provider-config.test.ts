import { parseProviderConfig } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { wasmProvider } from './index.ts';

describe('the configuration', () => {
  test('needs nothing to be said', () => {
    expect(parseProviderConfig(wasmProvider, {})).toMatchObject({ memoryBytes: 268_435_456, maxChildren: 8 });
  });

  test.for([
    [{ unknown: 1 }, 'unknown'],
    [{ memoryBytes: 1 }, 'memoryBytes'],
    [{ pythonModule: '/p.wasm' }, 'pythonModuleSha256'],
    [{ pythonModuleSha256: 'a'.repeat(64) }, 'pythonModuleSha256'],
    [{ pythonModule: '/p.wasm', pythonModuleSha256: 'A' }, 'pythonModuleSha256'],
  ] as const)('refuses %j, naming the field', ([config, field]) => {
    expect(() => parseProviderConfig(wasmProvider, config)).toThrow(field);
  });
});
