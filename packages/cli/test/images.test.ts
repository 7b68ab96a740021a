import { SandboxError } from '@sandport/core';
import type { BuildImagesOptions, BuiltImage } from '@sandport/provider-docker';
import { openSqliteSettings } from '@sandport/settings';
import { expect, test } from 'vitest';
import { createHome, documentOf } from './run-in-process.ts';

const BUILT: readonly BuiltImage[] = [
  { tag: 'sandport/python:minimal', language: 'python', profile: 'minimal', wasBuilt: true, durationMs: 12_340 },
  { tag: 'sandport/javascript:minimal', language: 'javascript', profile: 'minimal', wasBuilt: false, durationMs: 3 },
];

function createBuilder() {
  const calls: BuildImagesOptions[] = [];
  const home = createHome({
    buildImages: (options) => {
      calls.push(options);
      options.onProgress?.({ tag: 'sandport/python:minimal', message: 'Step 1\u001b[2J' });
      return Promise.resolve(BUILT);
    },
  });
  return { home, calls };
}

test('builds the minimal profile of every language, with progress on stderr and the outcome on stdout', async () => {
  const { home, calls } = createBuilder();
  const outcome = await home.run(['images', 'build']);
  expect(outcome).toEqual({
    exitCode: 0,
    stdout: 'sandport/python:minimal built in 12.3 s\nsandport/javascript:minimal up to date\n',
    stderr: 'sandport/python:minimal Step 1␛[2J\n',
  });
  expect(calls).toMatchObject([{ profiles: ['minimal'], languages: ['python', 'javascript'], base: undefined, dockerHost: undefined }]);
});

test('says nothing on the way beside a document, unless it is asked to', async () => {
  const { home } = createBuilder();
  expect(await home.run(['images', 'build', '--json'])).toMatchObject({ exitCode: 0, stderr: '' });
  const outcome = await home.run(['images', 'build', '--json', '--progress']);
  expect([documentOf(outcome), outcome.stderr]).toEqual([{ images: BUILT }, 'sandport/python:minimal Step 1␛[2J\n']);
});

test('passes profile, language, base and the stored address of the engine on', async () => {
  const { home, calls } = createBuilder();
  await home.run(['config', 'use', 'fake']);
  const settings = openSqliteSettings({ path: home.settingsPath });
  await settings.write([{ name: 'sandbox.docker', source: 'test', dataType: 'json', value: '{"dockerHost":"unix:///x.sock"}' }]);
  await settings.close();
  const words = ['images', 'build', '--profile', 'all', '--language', 'javascript', '--base', 'debian:12', '--json'];
  expect(documentOf(await home.run(words))).toEqual({ images: BUILT });
  expect(calls).toMatchObject([
    { profiles: ['minimal', 'data'], languages: ['javascript'], base: 'debian:12', dockerHost: 'unix:///x.sock' },
  ]);
});

test('a failure ends with 3, a profile that nobody knows with 2', async () => {
  const home = createHome({
    buildImages: () => Promise.reject(new SandboxError('PROVIDER_UNAVAILABLE', 'No engine.', { suggestion: 'Start it.' })),
  });
  expect(await home.run(['images', 'build'])).toEqual({ exitCode: 3, stdout: '', stderr: 'error: No engine.\n  → Start it.\n' });
  const { exitCode, stderr } = await home.run(['images', 'build', '--profile', 'huge']);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('minimal, data, all')]);
});
