import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeConformance } from '@sandport/conformance/vitest';
import { createProvider } from '@sandport/core';
import { findProvider } from '../../src/find-provider.ts';
import { afterAll, beforeAll } from 'vitest';
import { EngineConnection } from '../../src/engine-guard/engine-connection.ts';
import { EngineGuard } from '../../src/engine-guard/engine-guard.ts';
import { DEFAULT_GUARD_LIMITS } from '../../src/engine-guard/guard-limits.ts';

const enginePath = (process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock').replace(/^unix:\/\//, '');

// What could differ behind a guard: streams with two ends, a lost connection, sandboxes that are found again.
const only = ['health/', 'input/', 'reconnect'];

let folder: string;
let guard: EngineGuard;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandport-guard-'));
  guard = new EngineGuard({ engine: new EngineConnection(enginePath), limits: { ...DEFAULT_GUARD_LIMITS, runtimes: ['runc'] } });
  await guard.listen(join(folder, 'engine.sock'));
});
afterAll(async () => {
  await guard.close();
  await rm(folder, { recursive: true, force: true });
});

describeConformance(
  'provider-docker behind a guard',
  () => createProvider(findProvider('docker'), { isolation: 'runc', dockerHost: `unix://${join(folder, 'engine.sock')}` }),
  // Its configuration has no secret.
  { only, notApplicable: ['health/no-secrets'] },
);
