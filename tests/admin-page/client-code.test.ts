import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { clientCode } from '../../apps/admin/web/src/pages/playground/client-code.ts';
import type { PlaygroundBody } from '../../packages/admin-api/src/index.ts';

const pathOf = (relative: string) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/** What the compiler says of programs that lie beside packages which know every name that is imported. */
async function problemsOf(sources: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sandport-client-code-'));
  try {
    await symlink(pathOf('apps/admin/node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    for (const [index, source] of sources.entries()) await writeFile(join(folder, `copied-${index}.ts`), source);
    const compilerOptions = {
      module: 'nodenext',
      target: 'es2023',
      lib: ['es2024', 'esnext.disposable'],
      types: ['node'],
      typeRoots: [pathOf('node_modules/@types')],
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      // As the tests themselves: nothing needs to be built first.
      customConditions: ['@sandport/source'],
      allowImportingTsExtensions: true,
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    const { stdout, stderr } = spawnSync(pathOf('node_modules/.bin/tsc'), ['-p', folder], { encoding: 'utf8', timeout: 100_000 });
    return stdout + stderr;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const plain: PlaygroundBody = { code: 'x = 1', configuration: { providerId: 'wasm' } };
const full: PlaygroundBody = {
  configuration: { providerId: 'docker', version: 7 },
  code: 'def main(a):\n    return f"`${a}` \\n\\\\ {a}" # \u2028\r\n',
  language: 'python',
  arguments: { a: ['"', '\u2028', '`${1}`', { ['__proto__']: 1 }] },
  environment: { NAME: '$x' },
  files: { 'data/a.bin': { base64: 'AAEC' }, 'b.txt': { text: 'b' } },
  stdin: { text: 'line\n' },
  limits: { timeoutMs: 1000, memoryBytes: 67_108_864 },
  network: 'none',
};
const providers = ['wasm', 'docker', 'aliyun_codeinterpreter', 'e2b', 'self_managed', 'docker', 'of somebody else'];

test('what is copied is a program without an error, for every provider', { timeout: 240_000 }, async () => {
  const sources = [
    clientCode(plain, { providerIds: ['wasm'], settingsLocation: '/var/lib/sandport/settings.sqlite' }),
    clientCode(full, { providerIds: providers, settingsLocation: "postgres://db'/\\x" }),
  ];
  expect(await problemsOf(sources)).toBe('');
  // That it would find an error at all:
  expect(await problemsOf(sources.map((source) => source.replace('client.execute', 'client.perform')))).toContain('perform');
});

test('the text of a program is the same when it is read again', async () => {
  const source = clientCode(full, { providerIds: ['docker'], settingsLocation: 's' });
  const request = /execute\((\{[^]*?\n  \})\);/.exec(source)?.[1] ?? '';
  // What its literals mean, JavaScript itself says.
  const read: unknown = await import(`data:text/javascript,${encodeURIComponent(`export const request = ${request};`)}`);
  expect(read).toMatchObject({
    request: {
      code: full.code,
      language: 'python',
      arguments: full.arguments,
      environment: full.environment,
      files: { 'data/a.bin': Buffer.from([0, 1, 2]), 'b.txt': 'b' },
      stdin: 'line\n',
      limits: full.limits,
    },
  });
});
