import { parseExecutionRequest, SandboxError, type Sandbox, type SandboxErrorCode, type SandboxProvider } from '@sandport/core';
import { expect, test } from 'vitest';
import { remainingWait, runProgram } from './program-run.ts';

/** Runs a program on a provider that fails, and gives what was noted on the way. */
async function notesOf(failure: { readonly create?: Error; readonly execute?: Error }, stdin: string | AsyncIterable<string> = '') {
  const notes: string[] = [];
  const fail = (error: Error | undefined) => (error === undefined ? Promise.resolve() : Promise.reject(error));
  const sandbox = {
    id: 'fake',
    execute: async () => {
      notes.push('execute');
      await fail(failure.execute);
    },
    destroy: () => Promise.resolve(notes.push('destroy')),
  };
  const provider = { id: 'fake', createSandbox: () => fail(failure.create).then(() => sandbox as unknown as Sandbox) };
  const progress = { mayHaveStarted: false, elapsedMs: 0 };
  const started = () => {
    notes.push('may start');
    return () => notes.push('did not start');
  };
  const request = parseExecutionRequest({ code: 'p', stdin });
  const warn = () => notes.push('warning');
  await Promise.allSettled([runProgram(provider as unknown as SandboxProvider, { request, signal: undefined, started, warn }, progress)]);
  return { notes, mayHaveStarted: progress.mayHaveStarted };
}

test('is told to start just before it may, and its sandbox is destroyed', async () => {
  expect(await notesOf({})).toEqual({ notes: ['may start', 'execute', 'destroy'], mayHaveStarted: true });
});

test('is not told to start when it has no sandbox', async () => {
  expect(await notesOf({ create: new Error('no') })).toEqual({ notes: [], mayHaveStarted: false });
});

test.each([
  ['CANCELLED', true],
  ['LANGUAGE_UNSUPPORTED', true],
  ['CAPABILITY_UNSUPPORTED', true],
  ['REQUEST_INVALID', true],
  ['SANDBOX_CLOSED', false],
  ['PROVIDER_UNAVAILABLE', false],
  ['DEADLINE_EXCEEDED', false],
  ['RESPONSE_INVALID', false],
  ['INTERNAL', false],
] satisfies (readonly [SandboxErrorCode, boolean])[])(
  'for %s of its provider it is known not to have started: %s',
  async (code, isTakenBack) => {
    const { notes } = await notesOf({ execute: new SandboxError(code, 'no') });
    expect(notes).toEqual(['may start', 'execute', ...(isTakenBack ? ['did not start'] : []), 'destroy']);
  },
);

test('may have started when its stream of input was found wrong', async () => {
  const stream = (async function* () {
    yield await Promise.resolve('a');
  })();
  expect((await notesOf({ execute: new SandboxError('REQUEST_INVALID', 'no') }, stream)).notes).not.toContain('did not start');
});

test.each([
  [undefined, 100, undefined],
  [500, 0, 500],
  [500, 120.5, 379],
  [500, 501, 0],
])('of a wait of %s ms, after %d ms there are %s left', (maxWaitMs, elapsedMs, remaining) => {
  expect(remainingWait(maxWaitMs, elapsedMs)).toBe(remaining);
});
