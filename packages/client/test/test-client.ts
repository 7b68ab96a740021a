import type { SandboxError } from '@sandport/core';
import { onTestFinished } from 'vitest';
import { createSandboxClient, type SandboxClient, type StoredClientOptions } from '../src/index.ts';
import { fakeDefinition, type FakeBehaviour } from './fake-provider.ts';
import { MemorySettings } from './memory-settings.ts';

/** Two providers, `one` and `two`, whose runs return the label of their configuration; `one` is chosen. */
export const TWO_ROWS = {
  'sandbox.provider_type': 'one',
  'sandbox.one': '{"label":"first"}',
  'sandbox.two': '{"label":"second"}',
} as const;

/** A client over fakes, closed when the test is over. */
export function twoProviders(
  rows: Readonly<Record<string, string>> = {},
  behaviours: { readonly one?: FakeBehaviour; readonly two?: FakeBehaviour } = {},
  options: Partial<StoredClientOptions> = {},
) {
  const settings = new MemorySettings({ ...TWO_ROWS, ...rows });
  const [one, two] = [fakeDefinition('one', behaviours.one), fakeDefinition('two', behaviours.two)];
  const warnings: SandboxError[] = [];
  const client = createSandboxClient({
    settings,
    providers: [one.definition, two.definition],
    onWarning: (warning) => warnings.push(warning),
    pollIntervalMs: 10,
    ...options,
  });
  onTestFinished(() => client.close());
  return { settings, client, one, two, warnings };
}

/** The label of the configuration that a run met. */
export async function labelOf(client: Pick<SandboxClient, 'execute'>): Promise<unknown> {
  const result = await client.execute({ code: 'p' });
  const value = result.status === 'completed' ? result.value : undefined;
  return typeof value === 'object' && value !== null && 'label' in value ? value['label'] : result.status;
}
