import { createCodeTool, runnerOfClient } from '@sandport/agent';
import { createSandboxClient } from '@sandport/client';
import { wasmProvider } from '@sandport/provider-wasm';
import { openSqliteSettings } from '@sandport/settings';

const client = createSandboxClient({
  settings: () => openSqliteSettings({ path: process.env['SANDPORT_DATABASE'] ?? 'sandport.sqlite' }),
  providers: [wasmProvider],
});
const tool = createCodeTool({ runner: runnerOfClient(client, await client.capabilities()), languages: ['python'] });

const { model } = await tool.run({ code: 'def main(): return 6 * 7' });
await client.close();

export const told = model.value; // 42
