import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { documented, FRAMEWORKS } from './adapter-programs.ts';
import { ConsumerProject } from './consumer-project.ts';

const dockerHost = process.env['DOCKER_HOST'] ?? '';

let project: ConsumerProject;
let env: Record<string, string>;

beforeAll(async () => {
  project = await ConsumerProject.create({
    packages: ['@sandport/client', '@sandport/provider-docker', '@sandport/settings', '@sandport/cli', '@sandport/langchain', 'deepagents'],
    besides: FRAMEWORKS,
  });
  env = { DOCKER_HOST: dockerHost, SANDPORT_SETTINGS: path.join(project.folder, 'absent.sqlite') };
});

afterAll(() => project?.remove());

describe('packed packages with an engine', () => {
  test('carry everything that goes into an image, so that what the clone built counts as up to date', async () => {
    const outcome = await project.runCommand(['images', 'build', '--profile', 'minimal'], env);
    expect(outcome).toMatchObject({
      exitCode: 0,
      stdout: 'sandport/python:minimal up to date\nsandport/javascript:minimal up to date\n',
    });
  });

  test('run code from the stored configuration', async () => {
    const outcome = await project.runModule(
      'execute.mjs',
      `import { createSandboxClient } from '@sandport/client';
import { dockerProvider } from '@sandport/provider-docker';
import { openSqliteSettings } from '@sandport/settings';
const settings = openSqliteSettings({ path: 'settings.sqlite' });
await settings.write([
  { name: 'sandbox.provider_type', source: 'test', dataType: 'string', value: 'docker' },
  { name: 'sandbox.docker', source: 'test', dataType: 'json', value: JSON.stringify({ dockerHost: process.env.DOCKER_HOST }) },
]);
const client = createSandboxClient({ settings, providers: [dockerProvider] });
const result = await client.execute({ code: 'def main(name):\\n    return f"Hello {name}"', arguments: { name: 'World' } });
await client.close();
await settings.close();
process.stdout.write(\`\${result.status} \${result.valueJson} \${result.isolation.kind}\`);
`,
      env,
    );
    expect(outcome).toMatchObject({ exitCode: 0, stderr: '', stdout: 'completed "Hello World" gvisor' });
  });

  test('give a deep agent a sandbox as its backend', async () => {
    const outcome = await project.runModule('deep-agent.mjs', documented('examples/langchain/deep-agent.mjs'), env);
    expect(outcome).toMatchObject({ exitCode: 0 });
    expect(outcome.stdout).toContain('It printed 42');
  });
});
