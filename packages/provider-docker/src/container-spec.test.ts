import { describe, expect, it } from 'vitest';
import { containerProfile, containerSpec, profileKey } from './container-spec.ts';
import { dockerProviderConfigSchema } from './docker-provider-config.ts';

const MEBIBYTE = 1024 * 1024;

function specOf(input: object, limits = {}) {
  const config = dockerProviderConfigSchema.parse(input);
  return containerSpec(config, containerProfile(config, { language: 'python', limits }), 'pool', 'docker');
}

describe('containerSpec', () => {
  it('shuts what user code could use against the host', () => {
    expect(specOf({})).toMatchObject({
      NetworkDisabled: true,
      Env: [],
      HostConfig: {
        Runtime: 'runsc',
        NetworkMode: 'none',
        ReadonlyRootfs: true,
        CapDrop: ['ALL'],
        CapAdd: ['SETUID', 'SETGID', 'KILL'],
        SecurityOpt: ['no-new-privileges'],
        AutoRemove: true,
        LogConfig: { Type: 'none' },
      },
    });
    expect(specOf({}).HostConfig).not.toHaveProperty('Binds');
    expect(specOf({}).HostConfig).not.toHaveProperty('Mounts');
    expect(specOf({}).HostConfig).not.toHaveProperty('Privileged');
  });

  it('limits memory with swap included, and takes limits of the request before those of the configuration', () => {
    const { HostConfig } = specOf({ memoryBytes: 256 * MEBIBYTE, diskBytes: 5 * MEBIBYTE }, { memoryBytes: 128 * MEBIBYTE });
    expect(HostConfig).toMatchObject({ Memory: 128 * MEBIBYTE, MemorySwap: 128 * MEBIBYTE });
    expect(HostConfig?.Tmpfs?.['/workspace']).toContain(`size=${5 * MEBIBYTE}`);
  });

  it('leaves the process limit to the kernel that keeps it', () => {
    expect(specOf({ isolation: 'runc', processes: 50 }).HostConfig?.PidsLimit).toBe(50);
    expect(specOf({ processes: 50 }).HostConfig?.PidsLimit).toBeGreaterThan(50);
    expect(JSON.parse(specOf({ processes: 50 }).Cmd?.at(-1) ?? '')).toMatchObject({ processes: 50 });
  });

  it('uses another runtime only when the operator says so', () => {
    expect(specOf({ isolation: 'runc' }).HostConfig?.Runtime).toBe('runc');
    expect(specOf({ runtime: 'runsc-next' }).HostConfig?.Runtime).toBe('runsc-next');
  });
});

describe('profileKey', () => {
  it('is equal exactly for equal profiles', () => {
    const config = dockerProviderConfigSchema.parse({});
    const key = (language: 'python' | 'javascript', limits: object) => profileKey(containerProfile(config, { language, limits }));
    expect(key('python', {})).toBe(key('python', { memoryBytes: config.memoryBytes }));
    expect(
      new Set([key('python', {}), key('javascript', {}), key('python', { processes: 40 }), key('python', { diskBytes: MEBIBYTE })]).size,
    ).toBe(4);
  });
});
