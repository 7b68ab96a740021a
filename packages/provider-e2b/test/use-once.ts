import { Buffer } from 'node:buffer';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { SandboxError, type ExecutionResult, type Sandbox } from '@sandport/core';
import { startFakeE2b, type E2bFaultRule, type FakeE2b, type FakeE2bOptions } from '@sandport/fakes';
import { createE2bProvider } from '../src/index.ts';
import { configOf } from './fake-service.ts';

/** A fault, when it is in force, and what the call comes to. */
export interface FaultCase {
  readonly name: string;
  /** `making`: in force while a sandbox is made. `running`: from then on until the result is there. `ending`: while it is ended. */
  readonly phase: 'making' | 'running' | 'ending';
  readonly rules: readonly E2bFaultRule[];
  /** A status, or a code and perhaps a reason; several with `|` between. */
  readonly expected: string;
  readonly fake?: FakeE2bOptions;
  readonly config?: object;
}

/** What became of a call, and of everything around it. */
export interface Usage {
  readonly outcome: string;
  readonly result: ExecutionResult | undefined;
  readonly error: unknown;
  /** One letter for each start of the program, in all sandboxes there were when it had ended. */
  readonly starts: string;
  /** The same of the caller's own sandbox; nothing where it was not read. */
  readonly runs: string | undefined;
  readonly settledMs: number;
  /** Sandboxes that are left when the provider is closed. */
  readonly left: number;
  readonly faultsMet: readonly string[];
}

/** Makes a sandbox, runs a program that leaves traces, and ends the sandbox, in a service of its own that goes wrong. */
export async function useOnce({ phase, rules, fake: fakeOptions, config }: Omit<FaultCase, 'name' | 'expected'>): Promise<Usage> {
  await using fake = await startFakeE2b(fakeOptions);
  const provider = createE2bProvider(configOf(fake, { queueTimeoutMs: 60_000, requestTimeoutMs: 3000, ...config }));
  const breakNow = (now: FaultCase['phase']): void => {
    for (const rule of now === phase ? rules : []) fake.faults.add(rule);
  };
  const began = performance.now();
  let result: ExecutionResult | undefined;
  let [starts, runs]: [string, string | undefined] = ['', undefined];
  const [call] = await Promise.allSettled([
    (async () => {
      breakNow('making');
      const sandbox = await provider.createSandbox({ language: 'python' });
      try {
        breakNow('running');
        result = await sandbox.execute({ code: CODE, arguments: { a: 1 }, limits: { timeoutMs: 30_000 } });
        fake.faults.clear();
        if (result.status === 'completed') runs = await textOf(sandbox, 'runs');
      } finally {
        starts = await startsIn(fake);
        breakNow('ending');
        await sandbox.destroy();
      }
    })(),
  ]);
  const settledMs = performance.now() - began;
  await provider.close();
  const error: unknown = call.status === 'rejected' ? call.reason : undefined;
  return {
    outcome: call.status === 'fulfilled' ? (result?.status ?? 'nothing') : nameOf(error),
    result,
    error,
    starts,
    runs,
    settledMs,
    left: fake.sandboxes().length,
    faultsMet: fake.requests.flatMap(({ faults }) => faults),
  };
}

/** Leaves a trace of each start. A program that is run twice leaves two. */
const CODE = [
  'import time',
  'with open("runs", "a") as file:',
  '    file.write("x")',
  'print("ran é", flush=True)',
  'time.sleep(0.3)',
  'def main(a):',
  '    return a + 1',
  '',
].join('\n');

/** The traces in all sandboxes there are, wherever in them a supervisor of ours has its folder. */
async function startsIn(fake: FakeE2b): Promise<string> {
  const roots = fake.sandboxes().map(({ homeFolder }) => resolve(homeFolder, '../..'));
  const folders = await Promise.all(
    roots.map(async (root) => (await namesIn(join(root, 'tmp'))).map((name) => join(root, 'tmp', name, 'work'))),
  );
  const withTrace = await Promise.all(folders.flat().map(async (folder) => ((await namesIn(folder)).includes('runs') ? [folder] : [])));
  const traces = await Promise.all(withTrace.flat().map((folder) => readFile(join(folder, 'runs'), 'utf8')));
  return traces.join('');
}

async function namesIn(folder: string): Promise<string[]> {
  const [names] = await Promise.allSettled([readdir(folder)]);
  return names.status === 'fulfilled' ? names.value : [];
}

async function textOf(sandbox: Sandbox, path: string): Promise<string> {
  return Buffer.from(await sandbox.readFile(path)).toString();
}

function nameOf(error: unknown): string {
  if (!SandboxError.isInstance(error)) throw error;
  const reason = error.details?.['reason'];
  return typeof reason === 'string' ? `${error.code} ${reason}` : error.code;
}
