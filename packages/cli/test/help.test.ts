import { expect, test } from 'vitest';
import { createHome } from './run-in-process.ts';

test.each([
  [[], 'First steps:'],
  [['run'], '$ sandport run report.py'],
  [['run'], '--stdin - --memory 1g --cpus 2'],
  [['run'], '--record report.json'],
  [['replay'], '$ sandport replay report.json --provider docker'],
  [['mcp'], '$ sandport mcp --http 8080'],
  [['config', 'get'], '$ sandport config get --json'],
  [['config', 'set'], '$ sandport config set docker isolation=gvisor'],
  [['config', 'use'], '$ sandport config use docker'],
  [['configure', 'aliyun'], '$ sandport configure aliyun --from-env --use --json'],
  [['configure', 'aliyun'], 'accessKeySecret  AGENTRUN_ACCESS_KEY_SECRET or ALIBABA_CLOUD_ACCESS_KEY_SECRET'],
  [['configure', 'e2b'], '$ sandport configure e2b --from-env --service aliyun-fc --region cn-hangzhou'],
  [['configure', 'e2b'], 'template         --template or E2B_TEMPLATE'],
  [['verify', 'aliyun'], '$ sandport verify aliyun --cases lifecycle/,values/'],
  [['verify', 'e2b'], '$ sandport verify e2b --cases lifecycle/,values/'],
  [['doctor'], '$ sandport doctor'],
  [['images', 'build'], '$ sandport images build --profile all'],
])('%j --help shows examples and ends with 0', async (words, example) => {
  const { exitCode, stdout, stderr } = await createHome().run([...words, '--help']);
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toContain('Usage: sandport');
  expect(stdout).toContain(example);
});

test('the version is that of the package', async () => {
  expect((await createHome().run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('no verb, or one that does not exist, ends with 2', async () => {
  const home = createHome();
  expect((await home.run([])).exitCode).toBe(2);
  const { exitCode, stderr } = await home.run(['rum']);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('Did you mean run?')]);
});
