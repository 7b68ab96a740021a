import { isDeepStrictEqual } from 'node:util';
import { commonCapabilities, LANGUAGES, SandboxError } from '@sandport/core';
import type { ConformanceCase } from '../conformance-case.ts';
import { inOneLanguage, withoutProgram } from '../define-case.ts';
import { expectEqual, expectRefusal, expectSettled, expectStatus, expectTrue, expectValue } from '../expectations.ts';

const SLEEPER = { python: 'import time\ntime.sleep(8)\n', javascript: 'setTimeout(() => {}, 8000);\n' };

/** A call that was ended from outside gives a result or a `SandboxError`, soon. */
async function expectEnded(call: Promise<[PromiseSettledResult<unknown>]>, graceMs: number, what: string): Promise<void> {
  const [outcome] = await expectSettled(call, graceMs, what);
  if (outcome.status === 'rejected') expectTrue(SandboxError.isInstance(outcome.reason), 'kind of error', outcome.reason, 'a SandboxError');
}

const providerCases = [
  withoutProgram({
    id: 'lifecycle/description',
    title: 'describes itself in plain data that does not change, and says no more of itself when it is asked',
    async run({ provider, signal }) {
      expectEqual(provider.specificationVersion, 'v1', 'specificationVersion');
      expectTrue(/^[a-z][a-z0-9_]*$/.test(provider.id), 'id', provider.id, 'lower-case letters, digits and "_"');
      const { capabilities } = provider;
      expectTrue(isDeepStrictEqual(structuredClone(capabilities), JSON.parse(JSON.stringify(capabilities))), 'capabilities are plain data');
      const { languages } = capabilities;
      expectTrue(languages.length > 0 && languages.every((name) => LANGUAGES.includes(name)), 'languages', languages, LANGUAGES);
      expectTrue(capabilities.network.includes('none'), 'the default network policy is declared', capabilities.network, ['none']);
      expectTrue(capabilities.maxima.timeoutMs > 0, 'maxima.timeoutMs', capabilities.maxima.timeoutMs, 'more than 0');
      const told = (await provider.askCapabilities?.({ signal })) ?? capabilities;
      expectEqual(told, commonCapabilities(told, capabilities), 'capabilities that were asked for, within those that are declared');
      expectEqual(provider.capabilities, capabilities, 'capabilities, read again');
    },
  }),
  withoutProgram({
    id: 'lifecycle/close',
    title: 'closes twice without complaint and makes nothing afterwards',
    async run(context) {
      const provider = await context.createProvider();
      await provider.close();
      await provider.close();
      await provider[Symbol.asyncDispose]();
      await expectRefusal(provider.createSandbox({ language: context.language }), 'SANDBOX_CLOSED');
    },
  }),
  inOneLanguage({
    id: 'lifecycle/close-while-running',
    title: 'settles running calls and ends their sandboxes when the provider is closed',
    programs: SLEEPER,
    async run(context, { code, language }) {
      const provider = await context.createProvider();
      const sandbox = await provider.createSandbox({ language }, { signal: context.signal });
      const call = Promise.allSettled([sandbox.execute({ code, language })]);
      await provider.close();
      await expectEnded(call, context.graceMs, 'the call after the provider was closed');
      await expectRefusal(sandbox.execute({ code, language }), 'SANDBOX_CLOSED');
    },
  }),
];

const sandboxCases = [
  withoutProgram({
    id: 'lifecycle/unused-sandbox',
    title: 'gives every sandbox an id of its own and ends one that was never used, twice',
    async run(context) {
      const { language } = context;
      const sandboxes = await Promise.all([context.createSandbox({ language }), context.createSandbox({ language })]);
      const ids = sandboxes.map(({ id }) => id);
      expectTrue(new Set(ids).size === 2 && !ids.includes(''), 'ids', ids, 'two different ids');
      expectEqual(
        sandboxes.map((sandbox) => sandbox.language),
        [language, language],
        'languages',
      );
      for (const sandbox of sandboxes) {
        await sandbox.destroy();
        await sandbox.destroy();
        await sandbox[Symbol.asyncDispose]();
      }
    },
  }),
  inOneLanguage({
    id: 'lifecycle/destroyed-sandbox',
    title: 'runs nothing in a destroyed sandbox',
    programs: { python: 'print("ran")\n', javascript: "console.log('ran');\n" },
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      await sandbox.destroy();
      await expectRefusal(sandbox.execute({ code, language }), 'SANDBOX_CLOSED');
    },
  }),
  inOneLanguage({
    id: 'lifecycle/destroy-while-running',
    title: 'settles a running call when its sandbox is destroyed',
    programs: SLEEPER,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      const call = Promise.allSettled([sandbox.execute({ code, language })]);
      await sandbox.destroy();
      await expectEnded(call, context.graceMs, 'the call after its sandbox was destroyed');
    },
  }),
  inOneLanguage({
    id: 'lifecycle/second-execution',
    title: 'executes again, or says that the sandbox is used up, as it declares',
    programs: {
      python: 'import os\ndef main():\n    open("count", "a").write("x")\n    return os.path.getsize("count")\n',
      javascript:
        "const fs = require('node:fs');\nfunction main() {\n  fs.appendFileSync('count', 'x');\n  return fs.statSync('count').size;\n}\n",
    },
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language });
      const first = await sandbox.execute({ code, language }, { signal: context.signal });
      expectStatus(first, 'completed');
      const second = sandbox.execute({ code, language }, { signal: context.signal });
      if (context.capabilities.executionsPerSandbox === 'many') expectValue(await second, 2);
      else await expectRefusal(second, 'SANDBOX_CLOSED');
    },
  }),
];

/** How providers and sandboxes begin and end. */
export const lifecycleCases: readonly ConformanceCase[] = [...providerCases, ...sandboxCases].flat();
