import { describe, expect, it } from 'vitest';
import { engineFacts, engineInfoSchema, engineName, engineVersionSchema, engineWeaknesses } from './engine-facts.ts';

function facts(info: object, version: object = {}) {
  return engineFacts(engineInfoSchema.parse({ ServerVersion: '1.2', ...info }), engineVersionSchema.parse(version));
}

const names = (info: object, version?: object) => engineWeaknesses(facts(info, version)).map(({ name }) => name);

describe('what an engine says of itself', () => {
  it.each([
    [{}, {}, 'docker', 'Docker 1.2'],
    [{ SecurityOptions: ['name=seccomp,profile=default', 'name=rootless'] }, {}, 'rootless-docker', 'Docker (rootless) 1.2'],
    [{ OperatingSystem: 'Docker Desktop' }, {}, 'docker-desktop', 'Docker Desktop 1.2'],
    [{}, { Components: [{ Name: 'Podman Engine' }] }, 'podman', 'Podman 1.2'],
    [{ Rootless: true }, { Components: [{ Name: 'Podman Engine' }] }, 'podman', 'Podman 1.2 (rootless)'],
  ])('tells %j %j as %s', (info, version, kind, name) => {
    expect([facts(info, version).kind, engineName(facts(info, version))]).toEqual([kind, name]);
  });

  it('names each limit that it cannot keep', () => {
    expect(names({})).toEqual([]);
    const [finding] = engineWeaknesses(facts({ MemoryLimit: false, PidsLimit: false }));
    expect(finding).toMatchObject({
      name: 'engine.limits',
      status: 'warning',
      message: expect.stringContaining('memory, processes') as unknown,
    });
    expect(facts({ CgroupDriver: 'none' }).keeps).toEqual({ memory: false, swap: false, processes: false, cpus: false });
  });

  it('names what is weaker with each kind but Docker itself', () => {
    expect(names({ OperatingSystem: 'Docker Desktop' })).toEqual(['engine.kind']);
    expect(names({ SecurityOptions: ['name=rootless'], CgroupDriver: 'none' })).toEqual(['engine.limits', 'engine.kind']);
    expect(names({}, { Components: [{ Name: 'Podman Engine' }] })).toEqual(['engine.kind']);
  });

  it('takes the time of the engine', () => {
    expect(facts({ SystemTime: '2030-01-01T00:00:00.5Z' }).timeMs).toBe(Date.parse('2030-01-01T00:00:00.5Z'));
  });
});
