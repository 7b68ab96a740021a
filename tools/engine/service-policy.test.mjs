// @ts-check
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withoutServiceStarts } from './service-policy.mjs';

let folder = '';
let policyProgram = '';

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'service-policy-'));
  policyProgram = path.join(folder, 'policy-rc.d');
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const readPolicy = () => readFile(policyProgram, 'utf8');

describe('withoutServiceStarts', () => {
  it('forbids service starts for as long as the work lasts', async () => {
    const during = await withoutServiceStarts(readPolicy, policyProgram);
    expect(during).toContain('exit 101');
    await expect(access(policyProgram)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('removes its policy when the work fails', async () => {
    const work = withoutServiceStarts(() => Promise.reject(new Error('no')), policyProgram);
    await expect(work).rejects.toThrow('no');
    await expect(access(policyProgram)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it("keeps the administrator's own policy", async () => {
    await writeFile(policyProgram, 'own');
    expect(await withoutServiceStarts(readPolicy, policyProgram)).toBe('own');
    expect(await readPolicy()).toBe('own');
  });

  it('takes over the one that a killed installation left', async () => {
    await writeFile(policyProgram, await withoutServiceStarts(readPolicy, policyProgram));
    await withoutServiceStarts(readPolicy, policyProgram);
    await expect(access(policyProgram)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
