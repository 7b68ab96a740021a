// @ts-check
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createSandboxClient } from '../../packages/client/dist/index.js';
import { PROVIDER_TYPE_SETTING, providerConfigSetting } from '../../packages/core/dist/index.js';
import { dockerProvider } from '../../packages/provider-docker/dist/index.js';
import { wasmProvider } from '../../packages/provider-wasm/dist/index.js';
import { openSqliteSettings } from '../../packages/settings/dist/index.js';
import { describeRun, isExpected } from './describe-run.mjs';
import { demoPrograms, expectedValue } from './programs.mjs';

/**
 * What an operator and an agent do together: one stores which sandbox is used, the other runs code without knowing it.
 *
 * @param {{ choice: { id: 'wasm' | 'docker', config: object }, log: (line: string) => void, signal: AbortSignal }} options
 * @returns {Promise<boolean>} whether every program gave the expected value
 */
export async function runDemo({ choice, log, signal }) {
  const folder = await mkdtemp(path.join(tmpdir(), 'sandport-demo-'));
  const settings = openSqliteSettings({ path: path.join(folder, 'settings.sqlite') });
  const client = createSandboxClient({ settings, providers: [wasmProvider, dockerProvider] });
  try {
    await settings.write([
      { name: PROVIDER_TYPE_SETTING, source: 'demo', dataType: 'string', value: choice.id },
      { name: providerConfigSetting(choice.id), source: 'demo', dataType: 'json', value: JSON.stringify(choice.config) },
    ]);
    let areAllExpected = true;
    for (const { title, request } of demoPrograms) {
      const result = await client.execute(request, { signal });
      for (const line of ['', ...describeRun(title, result)]) log(line);
      areAllExpected &&= isExpected(result, expectedValue);
    }
    return areAllExpected;
  } finally {
    await client.close();
    await settings.close();
    await rm(folder, { recursive: true, force: true });
  }
}
