import { chmod } from 'node:fs/promises';
import { startFakeE2b } from '@sandport/fakes';
import { describe, expect, test } from 'vitest';
import { createE2bProvider } from '../src/index.ts';
import { configOf } from './fake-service.ts';
import { Gateway } from './traps/gateway.ts';

describe.concurrent('a sandbox', { timeout: 30_000 }, () => {
  test.each(['v1', 'v2'] as const)('has no internet, and none of the lists, unless that is configured (%s)', async (dialect) => {
    await using fake = await startFakeE2b({ dialects: [dialect] });
    await using provider = createE2bProvider(configOf(fake));
    await using sandbox = await provider.createSandbox({ language: 'python' });
    expect(fake.sandboxes()).toMatchObject([
      { sandboxId: sandbox.id, dialect, allowInternetAccess: false, network: undefined, isSecured: true },
    ]);
  });

  test.each(['v1', 'v2'] as const)('is made with the network, the marks and the headers that are configured (%s)', async (dialect) => {
    await using fake = await startFakeE2b({ dialects: [dialect] });
    await using gateway = await Gateway.open(fake.url);
    const network = { allowOut: ['pypi.org'], denyOut: ['10.0.0.0/8'] };
    const own = { apiUrl: gateway.url, allowInternetAccess: true, ...network, metadata: { team: 'a b' }, headers: { 'X-Team': 'ours' } };
    await using provider = createE2bProvider(configOf(fake, own));
    await using sandbox = await provider.createSandbox({ language: 'python' });
    const [view] = fake.sandboxes();
    expect(view).toMatchObject({ sandboxId: sandbox.id, dialect, allowInternetAccess: true, network });
    expect(view?.metadata).toMatchObject({ team: 'a b', sandport: '1' });
    expect(gateway.passed.every(({ headers }) => headers['x-team'] === 'ours')).toBe(true);
  });
});

// Only root can give programs a place of their own in the file system.
test.runIf(process.getuid?.() === 0)(
  'lets programs change nothing of the system, also where the image lets everybody',
  { timeout: 30_000 },
  async () => {
    await using fake = await startFakeE2b();
    await using provider = createE2bProvider(configOf(fake));
    await using sandbox = await provider.createSandbox({ language: 'python' });
    const [view] = fake.sandboxes();
    expect(view?.fileSystem).toBe('mounted');
    await chmod(view?.homeFolder ?? '', 0o777);
    const code = [
      'import os',
      'def main():',
      '    mode = oct(os.stat("/home/user").st_mode & 0o777)',
      '    try:',
      '        open("/home/user/planted", "w").close()',
      '    except OSError as error:',
      '        return [mode, error.strerror]',
      '    return [mode, "written"]',
    ].join('\n');
    expect(await sandbox.execute({ code })).toMatchObject({ value: ['0o777', 'Read-only file system'] });
  },
);
