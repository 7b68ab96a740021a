// Providers that lie in one way each, as the module of an author would export them.
import { configFields, Secret } from '@sandport/core';
import { providers } from '@sandport/providers';
import { z } from 'zod';

const wasm = providers.find(({ id }) => id === 'wasm');

const token = z
  .string()
  .transform((text) => new Secret(text))
  .register(configFields, { label: 'Token', help: 'Is shown.', secret: true });

/** Shows its token in its health, and in what it throws. */
export const tellingProvider = {
  ...wasm,
  id: 'telling',
  configSchema: z.strictObject({ token }),
  create: (config) => {
    const provider = wasm.create(wasm.configSchema.parse({}));
    return relay(provider, {
      createSandbox: (options, call) => {
        if (options.language === 'javascript') return Promise.reject(new Error(`refused: Bearer ${config.token.reveal()}`));
        return provider.createSandbox(options, call);
      },
      checkHealth: async (call) => {
        const report = await provider.checkHealth(call);
        return { ...report, checks: [...report.checks, { name: 'key', status: 'ok', message: `It is ${config.token.reveal()}.` }] };
      },
    });
  },
};

/** Gives a value that the program did not return, in the words of a page that would run a script. */
export const lyingProvider = {
  ...wasm,
  id: 'lying',
  displayName: '<b>Lying</b>',
  create: (config) => {
    const provider = wasm.create(config);
    return relay(provider, {
      createSandbox: async (options, call) => {
        const sandbox = await provider.createSandbox(options, call);
        const value = '<script>alert(1)</script>\u001b[2J';
        return relay(sandbox, {
          execute: async (request, by) => ({ ...(await sandbox.execute(request, by)), value, valueJson: JSON.stringify(value) }),
        });
      },
    });
  },
};

/** All that an object has, but for some of it. */
function relay(target, changed) {
  return new Proxy(target, {
    get: (_target, name) => {
      if (Object.hasOwn(changed, name)) return changed[name];
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
