import { selfManagedProvider } from '@sandport/provider-self-managed';
import { wasmProvider } from '@sandport/provider-wasm';
import { test } from 'vitest';
import { useChromium } from './chromium.ts';
import { configureProvider } from './configure-provider.ts';
import { openAdmin } from './open-admin.ts';
import { openExecutor } from './open-executor.ts';

const chromium = useChromium();

const WALK_MS = 600_000;

test('the embedded provider', { timeout: WALK_MS }, async () => {
  await configureProvider(chromium.browser, await openAdmin(), {
    definition: wasmProvider,
    name: 'WebAssembly, embedded',
    fields: { Memory: '134217728' },
  });
});

test('an executor of one’s own, with the embedded provider behind it', { timeout: WALK_MS }, async () => {
  const executor = await openExecutor();
  await configureProvider(chromium.browser, await openAdmin(), {
    definition: selfManagedProvider,
    name: 'Executor of your own',
    fields: { 'Address of the executor': executor.address },
    secrets: { Token: executor.token },
  });
});
