// @ts-check
import { homedir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultDataFolder, engineSocketPath } from './engine-folders.mjs';

describe('defaultDataFolder', () => {
  it('is the one that was chosen, then the cache folder', () => {
    expect(defaultDataFolder({ SANDPORT_ENGINE_DATA: '/chosen', XDG_CACHE_HOME: '/cache' })).toBe('/chosen');
    expect(defaultDataFolder({ SANDPORT_ENGINE_DATA: '', XDG_CACHE_HOME: '/cache' })).toBe('/cache/sandport/engine');
    expect(defaultDataFolder({})).toBe(path.join(homedir(), '.cache/sandport/engine'));
  });

  it('ignores a relative cache folder, as the XDG rules ask', () => {
    expect(defaultDataFolder({ XDG_CACHE_HOME: 'cache' })).toBe(path.join(homedir(), '.cache/sandport/engine'));
  });
});

describe('engineSocketPath', () => {
  it('is in the temporary folder unless another was chosen', () => {
    expect(engineSocketPath({ runFolder: '/run/own', environment: {} })).toBe('/run/own/docker.sock');
    expect(engineSocketPath({ runFolder: '/run/own', environment: { SANDPORT_ENGINE_SOCKET: '/a.sock' } })).toBe('/a.sock');
  });

  it('refuses what the kernel cannot bind', () => {
    expect(() => engineSocketPath({ runFolder: `/${'x'.repeat(100)}`, environment: {} })).toThrow('107 bytes');
  });
});
