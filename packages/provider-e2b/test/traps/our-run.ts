import { Buffer } from 'node:buffer';
import type { ExecutionResult, Sandbox } from '@sandport/core';
import type { E2bFaultRule, FakeE2b } from '@sandport/fakes';
import { createE2bProvider, type SdkSource } from '../../src/index.ts';
import { configOf } from '../fake-service.ts';

/** Leaves a trace of each start: a program that is run twice leaves two. */
const codeOf = (stepSeconds: number): string =>
  [
    'import time',
    'with open("runs", "a") as file:',
    '    file.write("x")',
    'for step in range(4):',
    '    print("grün", step, flush=True)',
    `    time.sleep(${stepSeconds})`,
    '',
  ].join('\n');

const OUTPUT = 'grün 0\ngrün 1\ngrün 2\ngrün 3\n';

/** What a run comes to when nothing of it was lost, repeated or left behind. */
export const ONE_RUN = { status: 'completed', stdout: OUTPUT, runs: 'x', left: [] } as const;

export interface OurRun {
  /** Changes of the configuration. */
  readonly config?: object;
  readonly sdk?: SdkSource;
  /** In force from before the sandbox is made. */
  readonly making?: readonly E2bFaultRule[];
  /** In force from when the sandbox is there until the result is. */
  readonly running?: readonly E2bFaultRule[];
  /** In force while the sandbox is ended. */
  readonly ending?: readonly E2bFaultRule[];
  /** Between the lines that the program prints: long enough for a stream to break meanwhile. @default 0 */
  readonly stepSeconds?: number;
}

/** What came of a run. */
export interface OurOutcome {
  readonly status: ExecutionResult['status'];
  readonly stdout: string;
  /** One `x` for each time that the program was started. */
  readonly runs: string;
  /** Sandboxes of ours that live when the provider was closed. */
  readonly left: readonly string[];
}

/** Runs a program once by our provider. */
export async function runOnce(fake: FakeE2b, run: OurRun = {}): Promise<OurOutcome> {
  const { config = {}, sdk, making = [], running = [], ending = [], stepSeconds } = run;
  const outcome = await withProvider(fake, { config, sdk }, async (provider) => {
    making.forEach((rule) => fake.faults.add(rule));
    const sandbox = await provider.createSandbox({ language: 'python' });
    running.forEach((rule) => fake.faults.add(rule));
    const result = await runTraced(sandbox, stepSeconds);
    fake.faults.clear();
    const runs = await tracesIn(sandbox);
    ending.forEach((rule) => fake.faults.add(rule));
    await sandbox.destroy();
    return { ...result, runs };
  });
  return { ...outcome, left: leftIn(fake) };
}

/** Lends a provider for a while. */
export async function withProvider<Result>(
  fake: FakeE2b,
  { config = {}, sdk }: { readonly config?: object; readonly sdk?: SdkSource | undefined },
  use: (provider: ReturnType<typeof createE2bProvider>) => Promise<Result>,
): Promise<Result> {
  await using provider = createE2bProvider(configOf(fake, config), sdk === undefined ? {} : { sdk });
  return await use(provider);
}

export async function runTraced(sandbox: Sandbox, stepSeconds = 0): Promise<Pick<OurOutcome, 'status' | 'stdout'>> {
  const { status, stdout } = await sandbox.execute({ code: codeOf(stepSeconds), limits: { timeoutMs: 20_000 } });
  return { status, stdout };
}

export const tracesIn = async (sandbox: Sandbox): Promise<string> => Buffer.from(await sandbox.readFile('runs')).toString();

/** Sandboxes with our marks that live. */
export const leftIn = (fake: Pick<FakeE2b, 'sandboxes'>): string[] =>
  fake
    .sandboxes()
    .filter(({ metadata }) => metadata['sandport'] === '1')
    .map(({ sandboxId }) => sandboxId);
