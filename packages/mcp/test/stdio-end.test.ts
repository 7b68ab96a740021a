import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { serveStdio } from '../src/index.ts';
import { INITIALIZE } from './listening-handler.ts';
import { KeptRunner } from './kept-runner.ts';

const CALL = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/call', params: { name: 'run_code', arguments: { code: '1' } } });

function streams() {
  const input = new PassThrough();
  const output = new PassThrough();
  let written = '';
  output.setEncoding('utf8').on('data', (text: string) => (written += text));
  return { input, output, written: () => written };
}

test.each<[string, (input: PassThrough, output: PassThrough, controller: AbortController) => void]>([
  ['its input ends', (input) => void input.end()],
  ['its input breaks', (input) => void input.destroy()],
  ['its output breaks', (_input, output) => void output.destroy(new Error('EPIPE'))],
  ['its signal fires', (_input, _output, controller) => controller.abort()],
])('a server over stdio ends with everything that it kept when %s', async (_when, end) => {
  const runner = new KeptRunner();
  const controller = new AbortController();
  const { input, output, written } = streams();
  const served = serveStdio({ tool: { runner, state: 'files' } }, { input, output, signal: controller.signal });
  input.write(`${INITIALIZE}\n${CALL}\n`);
  await expect.poll(written).toContain('\\"value\\":\\"1\\"');
  expect(runner.destroyed).toBe(0);
  end(input, output, controller);
  await served;
  expect(runner.destroyed).toBe(1);
});

test('what is no message ends nothing, and is not answered with code that ran', async () => {
  const runner = new KeptRunner();
  const { input, output, written } = streams();
  const served = serveStdio({ tool: { runner, state: 'files' } }, { input, output });
  input.write(`no JSON\n{"jsonrpc":"2.0"}\n[]\n${INITIALIZE}\n${CALL}\n`);
  await expect.poll(written).toContain('\\"value\\":\\"1\\"');
  expect(runner.made).toBe(1);
  input.end();
  await served;
});

test('a server whose signal has fired before it began starts nothing', async () => {
  const { input, output, written } = streams();
  await serveStdio({ tool: { runner: new KeptRunner() } }, { input, output, signal: AbortSignal.abort() });
  expect(written()).toBe('');
});
