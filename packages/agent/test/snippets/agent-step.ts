import { createAgentStep, runnerOfProvider } from '@sandport/agent';
import { createProvider } from '@sandport/core';
import { wasmProvider } from '@sandport/provider-wasm';
import { z } from 'zod';

await using provider = createProvider(wasmProvider, {});
const step = createAgentStep({
  runner: runnerOfProvider(provider),
  code: 'def main(prices):\n    return {"total": sum(prices), "most": max(prices), "note": None}\n',
  inputs: { prices: z.array(z.number()).min(1) },
  outputs: { total: z.number(), most: z.number() },
});

const outcome = await step.run({ prices: [3, 4] });
const lines: string[] = [];
switch (outcome.status) {
  case 'completed':
    lines.push(`${outcome.outputs.total} of ${outcome.text}`);
    break;
  case 'output-mismatch':
    lines.push(...outcome.problems.map(({ path, message }) => `${path}: ${message}`));
    break;
  case 'not-completed':
    lines.push(`${outcome.result.status}: ${outcome.result.stderr}`);
}

export const told = lines.join('\n'); // 7 of {"most":4,"note":null,"total":7}
