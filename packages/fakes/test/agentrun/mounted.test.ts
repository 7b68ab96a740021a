import { constants } from 'node:fs';
import { access, chmod, copyFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startFakeAgentRun } from '../../src/index.ts';
import { AgentRunUser } from './agent-run-user.ts';
import { textWith } from '../matchers.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandport-kept-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('an interpreter in the folder that a sandbox has for itself still starts, and is there afterwards', async () => {
  const nodePath = join(folder, 'node');
  await copyFile(process.execPath, nodePath, constants.COPYFILE_FICLONE);
  await writeFile(join(folder, 'precious'), '');
  await using fake = await startFakeAgentRun({ nodePath });
  const user = new AgentRunUser(fake);
  await user.open();
  expect((await user.execute({ language: 'javascript', code: '6 * 7' })).json.results).toContainEqual({ type: 'result', text: '42' });
  await user.data('DELETE', '/sandboxes/box');
  expect(fake.sandboxes()).toEqual([]);
  expect(await readdir(folder)).toEqual(['node', 'precious']);
});

test('programs use the paths of the sandbox, and the host has none of their files', async () => {
  await using fake = await startFakeAgentRun();
  const user = new AgentRunUser(fake);
  await user.open();
  const isMounted = fake.sandboxes()[0]?.fileSystem === 'mounted';
  const name = `fake-${process.pid}-${Date.now()}`;
  const places = isMounted ? ['/home/user', '/tmp'] : ['$HOME', '$TMPDIR'];
  const { json } = await user.command(places.map((place) => `echo x > ${place}/${name}; cat ${place}/${name}`).join('; '));
  expect(json.result.stdout).toBe('x\nx\n');
  for (const place of ['/home/user', '/tmp']) {
    expect((await user.data('GET', `/sandboxes/box/filesystem/stat?path=${place}/${name}`)).status).toBe(200);
    await expect(access(join(place, name))).rejects.toMatchObject({ code: 'ENOENT' });
  }
});

test('a machine that has no Python, or not the way that was asked for, is found out at the start', async () => {
  await expect(startFakeAgentRun({ pythonPath: join(folder, 'none') })).rejects.toThrow('ENOENT');
  const pythonPath = join(folder, 'python');
  await writeFile(pythonPath, `#!/bin/sh\necho '{"executable": "/bin/false", "prefixes": []}'\n`);
  await chmod(pythonPath, 0o755);
  await expect(startFakeAgentRun({ pythonPath })).rejects.toThrow('No sandbox can be made on this machine');
});

test('an interpreter that ends before it begins is an error of the code that it should have run', async () => {
  const nodePath = join(folder, 'node');
  await writeFile(nodePath, '#!/bin/sh\nexit 3\n');
  await chmod(nodePath, 0o755);
  await using fake = await startFakeAgentRun({ nodePath });
  const user = new AgentRunUser(fake);
  await user.open();
  for (let turn = 0; turn < 3; turn += 1)
    expect((await user.execute({ language: 'javascript', code: '1' })).json.results).toContainEqual({
      type: 'error',
      text: textWith('Kernel died'),
    });
});
