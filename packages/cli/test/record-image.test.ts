import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readRecord } from '@sandport/core';
import { expect, onTestFinished, test, vi } from 'vitest';
import { fakeDefinition } from './fake-definition.mjs';
import { createHome } from './run-in-process.ts';

/** An engine that knows one image. */
async function startEngine(status: number): Promise<string[]> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(decodeURIComponent(request.url ?? ''));
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(status === 200 ? { Id: 'sha256:0123', Config: { Labels: {} } } : { message: 'no' }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.closeAllConnections();
    server.close();
  });
  return asked;
}

async function recordOnDocker() {
  const home = createHome({ providers: [fakeDefinition({ id: 'docker' })] });
  await home.run(['config', 'use', 'docker']);
  const path = join(home.homeFolder, 'r.json');
  const outcome = await home.run(['run', '-', '--record', path], { input: 'value 1' });
  return { outcome, imageDigest: readRecord(readFileSync(path, 'utf8')).provider.imageDigest };
}

test('the record of a run on docker names the image by its digest', async () => {
  const asked = await startEngine(200);
  expect(await recordOnDocker()).toMatchObject({ outcome: { exitCode: 0 }, imageDigest: 'sha256:0123' });
  expect(asked).toEqual([expect.stringContaining('/images/sandport/python:')]);
});

test('an engine that does not tell costs the digest, and neither the record nor the result', async () => {
  await startEngine(500);
  const { outcome, imageDigest } = await recordOnDocker();
  expect([outcome.exitCode, imageDigest, outcome.stderr]).toEqual([0, null, expect.stringMatching(/warning:[^]*completed/)]);
});
