import { expect, onTestFinished, vi } from 'vitest';
import { startExecutorUnderTest, type ExecutorUnderTest, type ExecutorUnderTestOptions } from '../executor-under-test.ts';
import { Caller, type CallOptions, type OpenAnswer } from './caller.ts';
import { ScriptedProvider } from './scripted-provider.ts';

/** The machine may be busy otherwise. */
export const PATIENCE = { timeout: 10_000, interval: 10 };

/** An executor over programs that are words, until the test is over. */
export interface ServedScripts {
  readonly provider: ScriptedProvider;
  readonly served: ExecutorUnderTest;
  readonly caller: Caller;
  /** Sends a program and waits for the head of its answer. */
  readonly run: (code: string, options?: Omit<CallOptions, 'body'>, body?: object) => Promise<OpenAnswer>;
}

/** Starts one, and waits until it is ready. */
export async function serveScripts(options: ExecutorUnderTestOptions & { readonly capacity?: number } = {}): Promise<ServedScripts> {
  const provider = new ScriptedProvider(options.capacity);
  const served = await startExecutorUnderTest({ provider, ...options });
  onTestFinished(() => served[Symbol.asyncDispose]());
  const caller = new Caller(served);
  const run: ServedScripts['run'] = (code, more, body) => caller.open('/v1/executions', { body: { code, ...body }, ...more });
  await vi.waitFor(async () => expect((await caller.call('/readyz')).status).toBe(200), PATIENCE);
  return { provider, served, caller, run };
}

/** Resolves when so many programs run. */
export const untilRunning = (provider: ScriptedProvider, count: number): Promise<void> =>
  vi.waitFor(() => expect(provider.running).toBe(count), PATIENCE);

/** Makes a sandbox that is kept, and gives its id. */
export async function makeSandbox(caller: Caller, body: object = {}): Promise<string> {
  const { text } = await caller.call('/v1/sandboxes', { body });
  return (JSON.parse(text) as { readonly id: string }).id;
}
