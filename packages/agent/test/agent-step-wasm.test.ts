import { createProvider } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';
import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createAgentStep, runnerOfProvider } from '../src/index.ts';

const provider = createProvider(wasmProvider, {});
const runner = runnerOfProvider(provider);

afterAll(() => provider.close());

const outputs = { total: z.number(), report: z.string() };

test.each([
  [
    'python',
    'import os\ndef main(rows):\n    os.makedirs("artifacts", exist_ok=True)\n    open("artifacts/r.csv", "w").write("n")\n    print("noise")\n    return {"total": sum(rows), "report": "ü"}\n',
  ],
  [
    'javascript',
    'export function main({ rows }) { sandbox.files.write("artifacts/r.csv", "n"); console.log("noise"); return { total: rows.reduce((a, b) => a + b, 0), report: "ü" }; }',
  ],
])('a step in %s gives its outputs, its text and its artifacts', async (language, code) => {
  const step = createAgentStep({ runner, code, language, inputs: { rows: z.array(z.number()) }, outputs });
  const outcome = await step.run({ rows: [1, 2, 3] });
  expect(outcome).toMatchObject({
    status: 'completed',
    outputs: { total: 6, report: 'ü' },
    text: '{"report":"ü","total":6}',
    artifacts: { files: [{ path: 'r.csv', mediaType: 'text/csv', sizeBytes: 1 }], complete: true },
    result: { stdout: 'noise\n' },
  });
});

test('a program that prints its outputs and fails then has failed', async () => {
  const code = 'import json\nprint(json.dumps({"total": 1, "report": "x"}))\nraise SystemExit(3)\n';
  const outcome = await createAgentStep({ runner, code, inputs: {}, outputs }).run({});
  expect(outcome).toMatchObject({ status: 'not-completed', result: { status: 'failed', exitCode: 3 } });
});

test('a value that JSON cannot carry is a failure of the program', async () => {
  const outcome = await createAgentStep({ runner, code: 'def main(): return {"total": float("nan")}', inputs: {}, outputs }).run({});
  expect(outcome).toMatchObject({ status: 'not-completed', result: { status: 'failed' } });
});

test('true, false and null reach the program, and come back', async () => {
  const step = createAgentStep({
    runner,
    code: 'def main(**given): return given',
    inputs: z.record(z.string(), z.union([z.boolean(), z.null()])),
    outputs: { a: z.boolean(), b: z.boolean(), c: z.null() },
  });
  expect(await step.run({ a: true, b: false, c: null })).toMatchObject({ status: 'completed', outputs: { a: true, b: false, c: null } });
});

test('an abort ends the program of a step', async () => {
  const controller = new AbortController();
  const step = createAgentStep({
    runner: { ...runner, execute: (request, call) => runner.execute({ ...request, onOutput: () => controller.abort() }, call) },
    code: 'print("begun", flush=True)\nwhile True: pass',
    inputs: {},
    outputs,
  });
  expect(await step.run({}, { signal: controller.signal })).toMatchObject({ status: 'not-completed', result: { status: 'cancelled' } });
});
