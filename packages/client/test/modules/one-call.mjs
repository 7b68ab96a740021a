// @ts-check
/** Makes one call with a client that is never closed. The process ends by itself, since nothing of the client holds it. */
import { defineProvider } from '@sandport/core';
import { z } from 'zod';
import { createSandboxClient } from '../../dist/index.js';

/** @import { ExecutionResult, ProviderCapabilities, Sandbox, SandboxProvider, SettingsStore } from '@sandport/core' */

const provider = /** @type {SandboxProvider} */ ({
  id: 'fake',
  capabilities: /** @type {ProviderCapabilities} */ ({
    languages: ['python'],
    network: ['none'],
    limits: {},
    maxima: { timeoutMs: 60_000 },
  }),
  createSandbox: () =>
    Promise.resolve(
      /** @type {Sandbox} */ ({
        execute: () => Promise.resolve(/** @type {ExecutionResult} */ ({ status: 'completed' })),
        destroy: () => Promise.resolve(),
      }),
    ),
  close: () => Promise.resolve(),
});

let reads = 0;
const rows = new Map(
  Object.entries({ 'sandbox.provider_type': 'fake', 'sandbox.fake': '{}' }).map(([name, value]) => [
    name,
    { name, source: 'test', dataType: 'string', value },
  ]),
);

/** @type {SettingsStore} */
const settings = {
  read: () => {
    reads += 1;
    return Promise.resolve(rows);
  },
  unseal: (_, config) => Promise.resolve(config),
  close: () => Promise.resolve(),
};

const client = createSandboxClient({
  settings,
  providers: [
    defineProvider({
      id: 'fake',
      displayName: 'Fake',
      description: 'Runs nothing.',
      tags: [],
      languages: ['python'],
      configSchema: z.strictObject({}),
      create: () => provider,
    }),
  ],
});
const { status } = await client.execute({ code: 'p' });
process.stdout.write(JSON.stringify({ status, reads }));
