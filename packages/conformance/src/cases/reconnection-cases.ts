import { Buffer } from 'node:buffer';
import { setTimeout as delay } from 'node:timers/promises';
import type { CreateSandboxOptions, Sandbox, SandboxProvider } from '@sandport/core';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.ts';
import { inEachLanguage, inOneLanguage, withoutProgram } from '../define-case.ts';
import { expectEqual, expectRefusal, expectSettled, expectStatus, expectTrue, expectValue } from '../expectations.ts';

const requires = ['reconnect'] as const;
const requiresFiles = ['reconnect', 'files'] as const;
/** Two providers and a sandbox that outlives one of them. */
const DEADLINE_MS = 60_000;
const PATIENCE_MS = 5000;

/** A sandbox made by one provider of the case, to be found by another. */
async function madeElsewhere(
  context: ConformanceContext,
  options: Partial<CreateSandboxOptions> = {},
): Promise<{ maker: SandboxProvider; other: SandboxProvider; sandbox: Sandbox }> {
  const [maker, other] = await Promise.all([context.createProvider(), context.createProvider()]);
  const wanted = { language: context.language, reconnectable: true, ...options };
  return { maker, other, sandbox: await context.createSandbox(wanted, { by: maker }) };
}

const textOf = async (sandbox: Sandbox, path: string) => Buffer.from(await sandbox.readFile(path)).toString();

const takeOverCases = [
  inOneLanguage({
    id: 'reconnection/files',
    title: 'finds a sandbox by its id, with its files, and executes in it',
    requires: requiresFiles,
    deadlineMs: DEADLINE_MS,
    programs: {
      python: 'def main():\n    return open("kept").read()\n',
      javascript: "const main = () => require('node:fs').readFileSync('kept', 'utf8');\n",
    },
    async run(context, { code, language }) {
      const { other, sandbox } = await madeElsewhere(context);
      await sandbox.writeFile('kept', 'kept');
      const again = await context.connectSandbox(other, sandbox.id);
      expectEqual([again.id, again.language], [sandbox.id, language], 'id and language');
      expectValue(await again.execute({ code, language }, { signal: context.signal }), 'kept');
      expectEqual(await textOf(again, 'kept'), 'kept', 'the file');
    },
  }),
  inEachLanguage({
    id: 'reconnection/contexts',
    title: 'finds the contexts of a sandbox with their variables',
    requires: ['reconnect', 'contexts'],
    deadlineMs: DEADLINE_MS,
    programs: { python: 'answer = 42', javascript: 'const answer = 42;' },
    async run(context, { code, language }) {
      const { other, sandbox } = await madeElsewhere(context, { language });
      const notebook = await sandbox.createContext({ signal: context.signal });
      expectStatus(await notebook.execute({ code }, { signal: context.signal }), 'completed');
      const again = await context.connectSandbox(other, sandbox.id);
      expectValue(await again.context(notebook.id).execute({ code: 'answer + 1' }, { signal: context.signal }), 43);
    },
  }),
  withoutProgram({
    id: 'reconnection/former-holder',
    title: 'refuses the calls of a former holder',
    requires: requiresFiles,
    deadlineMs: DEADLINE_MS,
    async run(context) {
      const { other, sandbox } = await madeElsewhere(context);
      const again = await context.connectSandbox(other, sandbox.id);
      await expectRefusal(sandbox.execute({ code: '', language: context.language }), 'SANDBOX_CLOSED');
      await expectRefusal(sandbox.writeFile('a', 'a'), 'SANDBOX_CLOSED');
      await expectRefusal(sandbox.readFile('a'), 'SANDBOX_CLOSED');
      await again.writeFile('a', 'of the new holder');
      expectEqual(await textOf(again, 'a'), 'of the new holder', 'the file of the new holder');
    },
  }),
  withoutProgram({
    id: 'reconnection/former-destroy',
    title: 'lets a former holder, and the provider that made it, end nothing of a sandbox that was taken over',
    requires: requiresFiles,
    deadlineMs: DEADLINE_MS,
    async run(context) {
      const { maker, other, sandbox } = await madeElsewhere(context);
      const again = await context.connectSandbox(other, sandbox.id);
      await sandbox.destroy();
      await maker.close();
      await delay(300);
      await again.writeFile('a', 'alive');
      expectEqual(await textOf(again, 'a'), 'alive', 'the file of the new holder');
    },
  }),
  inOneLanguage({
    id: 'reconnection/running-program',
    title: 'ends a program that still runs for a former holder, and settles its call',
    requires: ['reconnect', 'files', 'streamsOutput'],
    deadlineMs: DEADLINE_MS,
    programs: {
      python: 'import time\nfor _ in range(200):\n    open("beat", "a").write("x")\n    print("beat", flush=True)\n    time.sleep(0.05)\n',
      javascript:
        "let left = 200;\nconst timer = setInterval(() => {\n  require('node:fs').appendFileSync('beat', 'x');\n  console.log('beat');\n  left -= 1;\n" +
        '  if (left === 0) clearInterval(timer);\n}, 50);\n',
    },
    async run(context, { code, language }) {
      const { other, sandbox } = await madeElsewhere(context);
      let hasBegun: () => void = () => undefined;
      const begun = new Promise<void>((resolve) => {
        hasBegun = resolve;
      });
      const call = sandbox.execute({ code, language, onOutput: () => hasBegun() }, { signal: context.signal });
      const settled = Promise.allSettled([call]);
      await expectSettled(Promise.race([begun, settled]), PATIENCE_MS, 'the beginning of the program');
      const again = await context.connectSandbox(other, sandbox.id);
      const [former] = await expectSettled(settled, PATIENCE_MS, 'the call of the former holder');
      if (former.status === 'fulfilled') expectStatus(former.value, 'killed');
      else await expectRefusal(call, ['SANDBOX_CLOSED', 'PROVIDER_UNAVAILABLE']);
      const before = await again.readFile('beat');
      await delay(400);
      expectEqual((await again.readFile('beat')).byteLength, before.byteLength, 'beats of the program after it was taken over');
    },
  }),
  withoutProgram({
    id: 'reconnection/back-again',
    title: 'is taken over as often as somebody wants it, also by the provider that made it',
    requires: requiresFiles,
    deadlineMs: DEADLINE_MS,
    async run(context) {
      const { maker, other, sandbox } = await madeElsewhere(context);
      let kept = '';
      for (const [index, provider] of [other, maker, other, other].entries()) {
        const again = await context.connectSandbox(provider, sandbox.id);
        if (index > 0) expectEqual(await textOf(again, 'kept'), kept, 'the file of the former holder');
        kept += `${index} `;
        await again.writeFile('kept', kept);
      }
    },
  }),
];

const survivalCases = [
  withoutProgram({
    id: 'reconnection/survives-close',
    title: 'outlives the provider that made it, with its files',
    requires: requiresFiles,
    deadlineMs: DEADLINE_MS,
    async run(context) {
      const { maker, other, sandbox } = await madeElsewhere(context);
      await sandbox.writeFile('kept', 'kept');
      await maker.close();
      await expectRefusal(sandbox.readFile('kept'), 'SANDBOX_CLOSED');
      expectEqual(await textOf(await context.connectSandbox(other, sandbox.id), 'kept'), 'kept', 'the file');
    },
  }),
  withoutProgram({
    id: 'reconnection/not-reconnectable',
    title: 'does not find a sandbox that was not made for it, neither while it lives nor after its provider was closed',
    requires,
    deadlineMs: DEADLINE_MS,
    async run(context) {
      const { maker, other, sandbox } = await madeElsewhere(context, { reconnectable: false });
      await expectRefusal(context.connectSandbox(other, sandbox.id), 'SANDBOX_NOT_FOUND');
      await maker.close();
      await expectRefusal(context.connectSandbox(other, sandbox.id), 'SANDBOX_NOT_FOUND');
    },
  }),
  withoutProgram({
    id: 'reconnection/destroyed',
    title: 'finds no sandbox that was destroyed',
    requires,
    deadlineMs: DEADLINE_MS,
    async run(context) {
      const { other, sandbox } = await madeElsewhere(context);
      await sandbox.destroy();
      await expectRefusal(context.connectSandbox(other, sandbox.id), 'SANDBOX_NOT_FOUND');
    },
  }),
  withoutProgram({
    id: 'reconnection/destroyed-by-other',
    title: 'lets the new holder end a sandbox for good',
    requires,
    deadlineMs: DEADLINE_MS,
    async run(context) {
      const { maker, other, sandbox } = await madeElsewhere(context);
      await (await context.connectSandbox(other, sandbox.id)).destroy();
      await expectRefusal(context.connectSandbox(maker, sandbox.id), 'SANDBOX_NOT_FOUND');
      await expectRefusal(sandbox.execute({ code: '', language: context.language }), 'SANDBOX_CLOSED');
    },
  }),
  withoutProgram({
    id: 'reconnection/idle-end',
    title: 'ends a sandbox by its idle time although its provider is gone',
    requires: ['reconnect', 'lifetimes'],
    deadlineMs: DEADLINE_MS,
    async run(context) {
      const { maker, other, sandbox } = await madeElsewhere(context, { idleTimeoutMs: 1000 });
      await maker.close();
      await delay(1000 + 2 * context.graceMs);
      await expectRefusal(context.connectSandbox(other, sandbox.id), 'SANDBOX_NOT_FOUND');
    },
  }),
  withoutProgram({
    id: 'reconnection/expiry',
    title: 'tells the new holder the same end of its life',
    requires: ['reconnect', 'lifetimes'],
    deadlineMs: DEADLINE_MS,
    async run(context) {
      const { other, sandbox } = await madeElsewhere(context, { lifetimeMs: 300_000 });
      const told = sandbox.expiresAtMs ?? 0;
      const again = (await context.connectSandbox(other, sandbox.id)).expiresAtMs ?? 0;
      expectTrue(Math.abs(again - told) <= context.graceMs, 'expiresAtMs for the new holder', again, told);
    },
  }),
];

const refusalCases = [
  withoutProgram({
    id: 'reconnection/unknown',
    title: 'says SANDBOX_NOT_FOUND of an id that nobody has, whatever it looks like',
    requires,
    async run(context) {
      const { provider } = context;
      for (const id of [crypto.randomUUID(), '', '..', '../../etc', 'a/b?c=d#e', 'x'.repeat(5000), '0'.repeat(64), 'a\nb', '*']) {
        await expectRefusal(context.connectSandbox(provider, id), 'SANDBOX_NOT_FOUND');
      }
    },
  }),
  withoutProgram({
    id: 'reconnection/withdrawn',
    title: 'takes nothing over for a call that was withdrawn before, and nothing by a closed provider',
    requires,
    deadlineMs: DEADLINE_MS,
    async run(context) {
      const { maker, other, sandbox } = await madeElsewhere(context);
      await expectRefusal(other.connectSandbox(sandbox.id, { signal: AbortSignal.abort() }), 'CANCELLED');
      await other.close();
      await expectRefusal(other.connectSandbox(sandbox.id), 'SANDBOX_CLOSED');
      expectStatus(await sandbox.execute({ code: '', language: context.language }, { signal: context.signal }), 'completed');
      await sandbox.destroy();
      await maker.close();
    },
  }),
];

/** A sandbox that is taken over by its id. */
export const reconnectionCases: readonly ConformanceCase[] = [...takeOverCases, ...survivalCases, ...refusalCases].flat();
