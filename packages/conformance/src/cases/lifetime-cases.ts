import { setTimeout as delay } from 'node:timers/promises';
import { REQUEST_LIMITS, type Sandbox } from '@sandport/core';
import type { ConformanceCase, ConformanceContext } from '../conformance-case.ts';
import { inOneLanguage, withoutProgram } from '../define-case.ts';
import { expectEqual, expectRefusal, expectSettled, expectStatus, expectTrue } from '../expectations.ts';

const requires = ['lifetimes'] as const;
const requiresMany = ['lifetimes', 'executionsPerSandbox.many', 'files'] as const;
const IDLE_MS = 1000;
const LIFE_MS = 1500;
/** Far longer than any case takes. */
const LONG_MS = 120_000;

const SLEEPING = {
  python: 'import time\ndef main(seconds):\n    print("begun", flush=True)\n    time.sleep(seconds)\n    return "slept"\n',
  javascript:
    "async function main({ seconds }) {\n  console.log('begun');\n  await new Promise((done) => setTimeout(done, seconds * 1000));\n  return 'slept';\n}\n",
};

/** The sandbox has ended by itself, and says so to whoever calls. */
async function expectEnded(sandbox: Sandbox, language: ConformanceContext['language']): Promise<void> {
  await expectRefusal(sandbox.execute({ code: '', language }), 'SANDBOX_CLOSED');
  await sandbox.destroy();
}

/** The sandbox lives and answers. */
async function expectAlive(sandbox: Sandbox, what: string): Promise<void> {
  const [outcome] = await Promise.allSettled([sandbox.writeFile('alive', 'x')]);
  expectEqual(outcome.status, 'fulfilled', `the sandbox lives ${what}`);
}

const idleCases = [
  withoutProgram({
    id: 'lifetimes/idle',
    title: 'ends a sandbox by itself that nobody has used for its idle time',
    requires,
    async run(context) {
      const sandbox = await context.createSandbox({ language: context.language, idleTimeoutMs: IDLE_MS });
      await delay(IDLE_MS + context.graceMs);
      await expectEnded(sandbox, context.language);
    },
  }),
  withoutProgram({
    id: 'lifetimes/activity',
    title: 'keeps a sandbox that is used again and again beyond its idle time, and ends it afterwards',
    requires: requiresMany,
    async run(context) {
      const sandbox = await context.createSandbox({ language: context.language, idleTimeoutMs: 1500 });
      for (let n = 0; n < 5; n += 1) {
        await delay(700);
        await expectAlive(sandbox, `after call ${n}`);
      }
      await delay(1500 + context.graceMs);
      await expectEnded(sandbox, context.language);
    },
  }),
  inOneLanguage({
    id: 'lifetimes/running-is-not-idle',
    title: 'counts the time in which a call runs as no idle time',
    requires: requiresMany,
    programs: SLEEPING,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language, idleTimeoutMs: IDLE_MS });
      const result = await sandbox.execute({ code, language, arguments: { seconds: 2.5 } }, { signal: context.signal });
      expectStatus(result, 'completed');
      await expectAlive(sandbox, 'right after a call that was longer than its idle time');
    },
  }),
];

const lifeCases = [
  withoutProgram({
    id: 'lifetimes/end',
    title: 'ends a sandbox at the end of its lifetime, however much it is used',
    requires: requiresMany,
    async run(context) {
      const createdAt = performance.now();
      const sandbox = await context.createSandbox({ language: context.language, lifetimeMs: LIFE_MS, idleTimeoutMs: LONG_MS });
      while (performance.now() - createdAt < LIFE_MS + context.graceMs) {
        await delay(200);
        await Promise.allSettled([sandbox.writeFile('use', 'x')]);
      }
      await expectEnded(sandbox, context.language);
    },
  }),
  inOneLanguage({
    id: 'lifetimes/end-while-running',
    title: 'settles a call that runs at the end of the lifetime soon, and does not call it completed, failed or timed out',
    requires: ['lifetimes'],
    programs: SLEEPING,
    async run(context, { code, language }) {
      const sandbox = await context.createSandbox({ language, lifetimeMs: LIFE_MS });
      const call = sandbox.execute({ code, language, arguments: { seconds: 12 }, limits: { timeoutMs: 20_000 } });
      const settled = expectSettled(Promise.allSettled([call]), LIFE_MS + context.graceMs + 1000, 'the call after the end of its sandbox');
      const [outcome] = await settled;
      if (outcome.status === 'fulfilled') expectStatus(outcome.value, 'killed');
      else await expectRefusal(call, ['SANDBOX_CLOSED', 'PROVIDER_UNAVAILABLE']);
      await expectEnded(sandbox, language);
    },
  }),
  withoutProgram({
    id: 'lifetimes/expiry',
    title: 'tells when a sandbox will end at the latest, and when that was put off',
    requires,
    async run(context) {
      const { graceMs, language } = context;
      const before = Date.now();
      const sandbox = await context.createSandbox({ language, lifetimeMs: LONG_MS });
      expectWithin(sandbox.expiresAtMs, before + LONG_MS - graceMs, Date.now() + LONG_MS + graceMs);
      const beforeExtension = Date.now();
      await sandbox.extend(2 * LONG_MS);
      expectWithin(sandbox.expiresAtMs, beforeExtension + 2 * LONG_MS - graceMs, Date.now() + 2 * LONG_MS + graceMs);
    },
  }),
  withoutProgram({
    id: 'lifetimes/default',
    title: 'has an end in the future also where nobody asked for one',
    requires,
    async run(context) {
      const { expiresAtMs } = await context.createSandbox({ language: context.language });
      expectTrue(expiresAtMs !== null && expiresAtMs > Date.now(), 'expiresAtMs', expiresAtMs, 'a time in the future');
    },
  }),
  withoutProgram({
    id: 'lifetimes/extend',
    title: 'puts the end of a sandbox off, counted from now',
    requires: requiresMany,
    async run(context) {
      const sandbox = await context.createSandbox({ language: context.language, lifetimeMs: 2000, idleTimeoutMs: LONG_MS });
      await delay(500);
      await sandbox.extend(4000);
      await delay(2500);
      await expectAlive(sandbox, 'after its first end was put off');
      await delay(1500 + context.graceMs);
      await expectEnded(sandbox, context.language);
    },
  }),
  withoutProgram({
    id: 'lifetimes/extend-shorter',
    title: 'brings the end of a sandbox forward when it is extended by less than was left',
    requires,
    async run(context) {
      const sandbox = await context.createSandbox({ language: context.language, lifetimeMs: LONG_MS, idleTimeoutMs: LONG_MS });
      await sandbox.extend(1000);
      await delay(1000 + context.graceMs);
      await expectEnded(sandbox, context.language);
    },
  }),
];

const refusalCases = [
  withoutProgram({
    id: 'lifetimes/refused',
    title: 'refuses times that no sandbox can be kept for, naming the field',
    requires,
    async run(context) {
      const { language } = context;
      const longest = context.capabilities.maxima.lifetimeMs ?? REQUEST_LIMITS.lifetimeMs;
      const sandbox = await context.createSandbox({ language });
      for (const timeMs of [0, -1, 1, 1000.5, Number.NaN, Number.POSITIVE_INFINITY, longest + 1]) {
        await expectRefusal(context.createSandbox({ language, idleTimeoutMs: timeMs }), 'REQUEST_INVALID', 'idleTimeoutMs');
        await expectRefusal(context.createSandbox({ language, lifetimeMs: timeMs }), 'REQUEST_INVALID', 'lifetimeMs');
        await expectRefusal(sandbox.extend(timeMs), 'REQUEST_INVALID', 'lifetimeMs');
      }
    },
  }),
  withoutProgram({
    id: 'lifetimes/longest',
    title: 'takes the longest time that it declares',
    requires: ['lifetimes', 'files'],
    async run(context) {
      const longest = context.capabilities.maxima.lifetimeMs ?? REQUEST_LIMITS.lifetimeMs;
      const times = { idleTimeoutMs: longest, lifetimeMs: longest };
      const sandbox = await context.createSandbox({ language: context.language, ...times });
      await delay(200);
      await expectAlive(sandbox, 'that was made for the longest time');
      await sandbox.extend(longest);
      await expectAlive(sandbox, 'that was extended by the longest time');
    },
  }),
];

/** How long a sandbox is kept. */
export const lifetimeCases: readonly ConformanceCase[] = [...idleCases, ...lifeCases, ...refusalCases].flat();

function expectWithin(timeMs: number | null, fromMs: number, toMs: number): void {
  expectTrue(timeMs !== null && timeMs >= fromMs && timeMs <= toMs, 'expiresAtMs', timeMs, `between ${fromMs} and ${toMs}`);
}
