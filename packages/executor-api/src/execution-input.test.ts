import { parseExecutionRequest } from '@sandport/core';
import { expect, test } from 'vitest';
import { executionBodySchema } from './execution-body.ts';
import { toCellInput, toExecutionInput } from './execution-input.ts';

const body = executionBodySchema.parse({
  code: 'print(1)',
  language: 'js',
  arguments: { name: 'value' },
  files: { 'a.txt': { text: 'ä' }, 'b.bin': { base64: 'AAE=' } },
  environment: { NAME: 'value' },
  limits: { timeoutMs: 1500, memoryBytes: 67_108_864 },
  stdin: { text: 'in' },
  network: 'none',
  maxWaitMs: 20,
  followOutput: false,
  outputWindowBytes: 1,
});

test('says a body in the words of the contract', () => {
  const request = parseExecutionRequest(toExecutionInput(body));
  expect(request).toMatchObject({ code: 'print(1)', language: 'javascript', arguments: { name: 'value' }, network: 'none', maxWaitMs: 20 });
  expect(request.limits.timeoutMs).toBe(1500);
  expect(request.sandboxLimits.memoryBytes).toBe(67_108_864);
  expect(request.stdin).toEqual(Buffer.from('in'));
  expect([...request.files].map(([path, content]) => [path, Buffer.from(content).toString('hex')])).toEqual([
    ['a.txt', 'c3a4'],
    ['b.bin', '0001'],
  ]);
});

test('leaves what is about following, and what a cell has not, to others', () => {
  expect(Object.keys(toExecutionInput(body))).not.toContain('followOutput');
  expect(Object.keys(toCellInput(body)).toSorted()).toEqual(['arguments', 'code', 'environment', 'files', 'limits']);
  expect(toExecutionInput({ ...body, stdin: 'stream' }).stdin).toBeUndefined();
});

test('has what is no policy of the contract refused by name', () => {
  expect(() => parseExecutionRequest(toExecutionInput({ ...body, network: 'everything' }))).toThrow(/^network: /);
});
