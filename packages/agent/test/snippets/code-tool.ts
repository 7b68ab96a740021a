import { createCodeTool, runnerOfProvider } from '@sandport/agent';
import { createProvider } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';

await using provider = createProvider(wasmProvider, {});
await using tool = createCodeTool({
  runner: runnerOfProvider(provider),
  files: { 'sales.csv': 'north,3\nsouth,4\n' },
  limits: { timeoutMs: 10_000 },
});

// What a model asked for, as it came: nothing has to be checked before.
const { model, result } = await tool.run({
  language: 'python',
  code: 'import csv\n\ndef main(column):\n    return sum(int(row[column]) for row in csv.reader(open("sales.csv")))\n',
  arguments: { column: 1 },
  files: ['sales.csv'],
});

export const told = JSON.stringify(model); // {"status":"completed","value":"7"}
export const status = result?.status; // completed
