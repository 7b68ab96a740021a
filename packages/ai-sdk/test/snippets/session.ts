import { runnerOfProvider } from '@sandport/agent';
import { createSandboxSession } from '@sandport/ai-sdk';
import { createProvider } from '@sandport/core';
import { dockerProvider } from '@sandport/provider-docker';

await using provider = createProvider(dockerProvider, {});
await using session = await createSandboxSession({ runner: runnerOfProvider(provider), limits: { timeoutMs: 60_000 } });

await session.writeTextFile({ path: 'src/answer.py', content: 'print(6 * 7)\n' });
const { exitCode, stdout } = await session.run({ command: 'python3 answer.py', workingDirectory: 'src' });

export const told = `${exitCode}: ${stdout.trim()}`; // 0: 42
