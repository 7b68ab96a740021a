import { parseProviderConfig } from '@sandport/core';
import { describe, expect, test } from 'vitest';
import { newCloudProvider } from './index.ts';

describe('the configuration', () => {
  test('needs nothing to be said', () => {
    expect(parseProviderConfig(newCloudProvider, {})).toMatchObject({ pythonPath: 'python3', maxSandboxes: 20 });
  });

  test.for([
    [{ unknown: 1 }, 'unknown'],
    [{ pythonPath: '' }, 'pythonPath'],
    [{ maxSandboxes: 0 }, 'maxSandboxes'],
  ] as const)('refuses %j, naming the field', ([config, field]) => {
    expect(() => parseProviderConfig(newCloudProvider, config)).toThrow(field);
  });
});
