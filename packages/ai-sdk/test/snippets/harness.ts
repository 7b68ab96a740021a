import { HarnessAgent } from '@ai-sdk/harness/agent';
import { runnerOfProvider } from '@sandport/agent';
import { createHarnessSandbox } from '@sandport/ai-sdk';
import { createProvider } from '@sandport/core';
import { dockerProvider } from '@sandport/provider-docker';
import { harness } from '../harness-of-yours.ts';

await using provider = createProvider(dockerProvider, {});
const agent = new HarnessAgent({ harness, sandbox: createHarnessSandbox({ runner: runnerOfProvider(provider) }) });

const session = await agent.createSession();
const { text } = await agent.generate({ session, prompt: 'Count the lines of notes.txt.' });
await session.destroy();

export const told = text; // 3 notes.txt
