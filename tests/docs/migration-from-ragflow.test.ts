import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ENDPOINTS, ROUTES, type Route } from '../../packages/admin-api/src/index.ts';
import { startExecutorUnderTest } from '../../apps/executor/test/executor-under-test.ts';
import { createHome } from '../../packages/cli/test/run-in-process.ts';
import { createRagflow } from '../../packages/cli/test/played-ragflow.ts';
import { providers } from '../../packages/providers/src/index.ts';
import { RAGFLOW_PROVIDERS } from '../../packages/settings/src/ragflow/ragflow-fields.ts';
import { commandLinesOf, faultOf, programToLookAt } from './command-lines.ts';

const page = readFileSync(new URL('../../docs/migration-from-ragflow.md', import.meta.url), 'utf8');

/** The commands of the blocks of code, in their order. */
const commands = [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)]
  .flatMap(([, block = '']) => block.trim().split('\n'))
  .filter((line) => !line.startsWith('export '));

/** Words of a line of a shell, as far as the page goes. */
const wordsOf = (line: string): string[] => [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');

test('the commands of the steps and of the way back do what the page says', { timeout: 150_000 }, async () => {
  await using served = await startExecutorUnderTest({ config: { open: { ready: true }, healthIntervalMs: 1000 } });
  // Its interpreters are compiled when it first looks at itself; the commands then find it as an operator would.
  await expect.poll(async () => (await fetch(`${served.address}/readyz`)).status, { timeout: 60_000, interval: 100 }).toBe(200);
  const home = createHome({ providers });
  const ragflow = path.join(home.homeFolder, 'ragflow.sqlite');
  await createRagflow(ragflow, {
    'sandbox.provider_type': 'self_managed',
    'sandbox.self_managed': '{"endpoint": "http://sandbox-executor-manager:9385", "timeout": 30, "pool_size": 10}',
  });
  const files = new Map([
    ['greet.py', home.file('greet.py', 'def main(name):\n    return f"Hello {name}!"\n')],
    ['token=executor-token.txt', `token=${home.file('executor-token.txt', served.token)}`],
    ['endpoint=http://127.0.0.1:9385', `endpoint=${served.address}`],
  ]);
  const outputs = new Map<string, string>();
  for (const line of commands) {
    const words = wordsOf(line).slice(1);
    const environment = { SANDPORT_RAGFLOW_DATABASE: ragflow };
    const { exitCode, stdout, stderr } = await home.run(
      words.map((word) => files.get(word) ?? word),
      { environment },
    );
    expect([line, exitCode, exitCode === 0 ? '' : stdout + stderr]).toEqual([line, 0, '']);
    // A value goes to stderr, so that stdout is the program's own.
    outputs.set(words.join(' '), stdout + stderr);
  }
  expect(outputs.get('migrate ragflow --dry-run')).toContain('Nothing was stored.');
  expect(outputs.get('migrate ragflow')).toContain('Stored as version 1.');
  expect(outputs.get('config get')).toContain('self_managed');
  expect(outputs.get('run greet.py --args {"name": "World"}')).toContain('Hello World!');
  expect(outputs.get('config diff 2 3')).toContain(served.address);
  expect(outputs.get('config rollback 2')).toContain('Version 4 is in use.');
});

test('every command of the page is one that there is', () => {
  const program = programToLookAt();
  expect(commandLinesOf(page).flatMap((line) => faultOf(program, line) ?? [])).toEqual([]);
});

test('the table of rows says of every field of RAGFlow what becomes of it', () => {
  for (const [id, rule] of Object.entries(RAGFLOW_PROVIDERS)) {
    const [, carried = '', left = ''] = new RegExp(`^\\| \`sandbox\\.${id}\` \\|([^|]*)\\|([^|]*)\\|$`, 'm').exec(page) ?? [];
    if ('dropped' in rule) {
      expect([id, carried.trim()]).toEqual([id, '']);
      continue;
    }
    for (const [field, fate] of Object.entries(rule.fields)) {
      const told = 'dropped' in fate ? left : carried;
      expect([id, field, told.includes(`\`${field}\``)]).toEqual([id, field, true]);
      if ('to' in fate) expect(carried).toContain(fate.to === field ? `\`${field}\`` : `\`${field}\` as \`${fate.to}\``);
    }
  }
});

test('the table of routes has those of the predecessor, with who may call them', () => {
  const rows = [...page.matchAll(/^\| `([A-Z]+ \/api[^`]*)` \| (\w+) \|/gm)].map(([, call = '', role = '']) => [call, role]);
  const routes = Object.entries(ROUTES) as [keyof typeof ENDPOINTS, Route][];
  const predecessors = routes.filter(([name]) => ENDPOINTS[name].summary.includes('as the predecessor did'));
  expect(rows).toEqual(predecessors.map(([, { method, path: place, access }]) => [`${method} ${place}`, access]));
});
