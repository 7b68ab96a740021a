import { createProvider } from '@sandport/core';
import { describeConformance } from '@sandport/conformance/vitest';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OWNER_LABEL } from '../src/container-spec.ts';
import { DockerEngine } from '../src/engine/docker-engine.ts';
import { dockerProvider, removeLeftBehind } from '../src/index.ts';
import { PodmanService } from './podman/podman-service.ts';

const podman = new PodmanService();

/** What differs between engines: how containers start, stream, are limited, end and are removed. */
const ENGINE_CASES = [
  'values/every-type',
  'output/streams-apart',
  'input/lines',
  'limits/memory',
  'limits/processes',
  'limits/children',
  'isolation/no-network',
  'isolation/no-capabilities',
  'isolation/read-only-root',
  'cancellation/while-running',
  'files/stream-large',
  'sandboxes/many-calls',
  'lifecycle/destroy-while-running',
];

const WARM_UP_MS = 120_000;

beforeAll(async () => {
  await podman.start();
  await podman.takeImages(new Docker(), ['sandport/python:minimal', 'sandport/javascript:minimal']);
}, WARM_UP_MS);

afterAll(() => podman.stop(), WARM_UP_MS);

const create = () => createProvider(dockerProvider, { isolation: 'runc', dockerHost: podman.dockerHost });

describe('Podman', () => {
  it('is named with what is weaker there', async () => {
    await using provider = create();
    const { checks, isolation } = await provider.checkHealth();
    const messages = new Map(checks.map(({ name, status, message }) => [name, `${status}: ${message}`]));
    expect(messages.get('engine')).toMatch(/^ok: Podman \d/);
    expect(messages.get('engine.kind')).toMatch(/^warning: /);
    expect([messages.get('run.python'), messages.get('run.javascript')]).toEqual([
      expect.stringMatching(/^ok/),
      expect.stringMatching(/^ok/),
    ]);
    expect(isolation?.kind).toBe('runc');
  });

  it('is not asked to keep a sandbox for another connection', async () => {
    await using provider = create();
    await expect(provider.createSandbox({ language: 'python', reconnectable: true })).rejects.toMatchObject({
      code: 'CAPABILITY_UNSUPPORTED',
    });
  });

  it('has nothing left when a provider is closed', async () => {
    const engine = new DockerEngine({ dockerHost: podman.dockerHost });
    const provider = create();
    await provider.createSandbox({ language: 'python' });
    expect(await engine.containers(`${OWNER_LABEL}=sandport`)).not.toHaveLength(0);
    expect(await engine.volumes(`${OWNER_LABEL}=sandport`)).toHaveLength(1);
    await provider.close();
    expect(await engine.containers(`${OWNER_LABEL}=sandport`)).toHaveLength(0);
    expect(await engine.volumes(`${OWNER_LABEL}=sandport`)).toHaveLength(0);
    expect(await removeLeftBehind({ dockerHost: podman.dockerHost })).toEqual([]);
  });
});

describeConformance('provider-docker with Podman', create, { only: ENGINE_CASES });
