import { SandboxError, type ExecutionResult, type Sandbox, type SandboxProvider } from '@sandport/core';
import { startFakeE2b, type E2bFault, type E2bOperation, type FakeE2b } from '@sandport/fakes';
import { expect, test, vi } from 'vitest';
import { createE2bProvider } from '../src/index.ts';
import { configOf } from './fake-service.ts';

const CALLS = 1000;
const CALLS_PER_SANDBOX = 10;
const AT_A_TIME = 50;
const SEED = 20_260_823;

/** Numbers from 0 to 1 that are the same each time: a linear congruential generator, which is random enough for a crowd. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** What goes wrong, each for a request in so many. */
const faults: readonly (readonly [E2bOperation, number, E2bFault])[] = [
  ['CreateSandbox', 13, { kind: 'cut', when: 'after-work' }],
  ['CreateSandbox', 17, { kind: 'duplicate' }],
  ['CreateSandbox', 19, { kind: 'status', status: 502, body: 'html', afterWork: true }],
  ['CreateSandbox', 29, { kind: 'status', status: 429, retryAfter: { seconds: 1 } }],
  ['KillSandbox', 11, { kind: 'cut', when: 'after-work' }],
  ['KillSandbox', 23, { kind: 'status', status: 503 }],
  ['SendInput', 41, { kind: 'cut', when: 'after-work' }],
  ['SendInput', 43, { kind: 'status', status: 502, body: 'html', afterWork: true }],
  ['SendInput', 71, { kind: 'duplicate' }],
  ['StartProcess', 31, { kind: 'cut', when: 'in-answer' }],
  ['ExecuteCode', 61, { kind: 'stream-cut', as: 'clean-end', afterBytes: 40 }],
  ['GetSandbox', 5, { kind: 'status', status: 500 }],
];

/** Has every so-manieth request of a kind go wrong, from a random one on, for as many as a crowd makes. */
function goWrong(fake: FakeE2b, random: () => number): void {
  for (const [operation, every, fault] of faults) {
    for (let after = Math.floor(random() * every); after < 4 * CALLS; after += every) {
      fake.faults.add({ match: { operation }, after, times: 1, fault });
    }
  }
}

interface Place {
  readonly sandbox: Sandbox;
  readonly fake: FakeE2b;
  readonly random: () => number;
  /** Of this call and no other. */
  readonly number: number;
}

type Call = (place: Place) => Promise<ExecutionResult>;

const SLEEPING = 'import time\ntime.sleep(30)\n';

const calls: readonly (readonly [weight: number, call: Call])[] = [
  [14, countStarts],
  [3, ({ sandbox }) => sandbox.execute({ code: 'raise ValueError("no")\n' })],
  [1, ({ sandbox }) => sandbox.execute({ code: SLEEPING, limits: { timeoutMs: 300 } })],
  [2, ({ sandbox, random }) => sandbox.execute({ code: SLEEPING }, { signal: AbortSignal.timeout(Math.ceil(random() * 500)) })],
  [1, endUnderneath],
];

/** Leaves a trace of its own for each start: there must be one. */
async function countStarts({ sandbox, number }: Place): Promise<ExecutionResult> {
  const code = `with open("call-${number}", "a") as file:\n    file.write("x")\ndef main():\n    return open("call-${number}").read()\n`;
  const result = await sandbox.execute({ code });
  if (result.status === 'completed') expect(result.value).toBe('x');
  return result;
}

async function endUnderneath({ sandbox, fake, random }: Place): Promise<ExecutionResult> {
  const ending = new Promise<void>((resolve) => {
    setTimeout(() => void fake.expire(sandbox.id).then(resolve), random() * 300);
  });
  const [result] = await Promise.allSettled([sandbox.execute({ code: SLEEPING }), ending]);
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

function choose(random: () => number): Call {
  const all = calls.flatMap(([weight, call]) => Array.from({ length: weight }, () => call));
  const chosen = all[Math.floor(random() * all.length)];
  if (chosen === undefined) throw new Error('there is nothing to choose from');
  return chosen;
}

/** How a call settled: a status, or a code. */
function outcomeOf(settled: PromiseSettledResult<ExecutionResult | Sandbox>): string {
  if (settled.status === 'fulfilled') return 'status' in settled.value ? settled.value.status : 'made';
  if (!SandboxError.isInstance(settled.reason)) throw settled.reason;
  return settled.reason.code;
}

/** After these a sandbox is of no more use. */
const LAST_OUTCOMES: ReadonlySet<string> = new Set(['killed', 'SANDBOX_CLOSED', 'PROVIDER_UNAVAILABLE']);

/** The connections that this process has, by kind. */
function resources(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((kind) => kind.startsWith('TCP') || kind.startsWith('TLS'))
    .toSorted();
}

test(`${CALLS} calls, ${AT_A_TIME} at a time, leave nothing behind, whatever becomes of them`, { timeout: 300_000 }, async () => {
  const random = seededRandom(SEED);
  const before = resources();
  const fake = await startFakeE2b({ maxSandboxes: 400 });
  goWrong(fake, random);
  const shared = { maxSandboxes: 2 * AT_A_TIME, queueTimeoutMs: 120_000, maxQueueLength: CALLS };
  const providers = [
    createE2bProvider(configOf(fake, { ...shared, way: 'commands' })),
    createE2bProvider(configOf(fake, { ...shared, way: 'code-interpreter' })),
  ];
  const outcomes = new Map<string, number>();
  const note = (outcome: string): void => void outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  let begun = 0;

  /** Some calls in one sandbox, one after the other, until it has gone. */
  const visit = async (provider: SandboxProvider): Promise<void> => {
    const [made] = await Promise.allSettled([provider.createSandbox({ language: 'python' })]);
    if (made.status === 'rejected') {
      begun += 1;
      note(`create: ${outcomeOf(made)}`);
      return;
    }
    const sandbox = made.value;
    for (let call = 0; call < CALLS_PER_SANDBOX && begun < CALLS; call += 1) {
      begun += 1;
      const [settled] = await Promise.allSettled([choose(random)({ sandbox, fake, random, number: begun })]);
      const outcome = outcomeOf(settled);
      note(outcome);
      if (LAST_OUTCOMES.has(outcome)) break;
    }
    // Some of them are left to the provider's end.
    if (random() < 0.95) await sandbox.destroy();
  };
  const visitor = async (index: number): Promise<void> => {
    const provider = providers[index % providers.length];
    while (provider !== undefined && begun < CALLS) await visit(provider);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, (_, index) => visitor(index)));
  const met = fake.requests.filter((request) => request.faults.length > 0).length;
  await Promise.all(providers.map((provider) => provider.close()));
  expect(fake.sandboxes()).toEqual([]);
  await fake.close();
  await vi.waitFor(() => expect(resources()).toEqual(before), { timeout: 10_000 });
  expect(met).toBeGreaterThan(100);
  expect(fake.executions.length).toBeGreaterThan(CALLS / CALLS_PER_SANDBOX);
  expect([...outcomes.values()].reduce((sum, times) => sum + times, 0)).toBe(CALLS);
  expect([...outcomes.keys()]).toEqual(expect.arrayContaining(['completed', 'failed', 'timed-out', 'cancelled', 'killed']));
  expect(outcomes.get('completed')).toBeGreaterThan(CALLS / 2);
});
