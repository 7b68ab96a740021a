import type { HarnessV1, HarnessV1Session, HarnessV1StartOptions } from '@ai-sdk/harness';

type Emit = Parameters<HarnessV1Session['doPromptTurn']>[0]['emit'];

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
  outputTokens: { total: 1, text: 1, reasoning: 0 },
};

/** What the runtime of a harness does with the sandbox that it is given; what it gives is what it says. */
export type Turn = (place: HarnessV1StartOptions, prompt: unknown) => Promise<string>;

/**
 * A harness whose runtime is written down: it has files and commands that prepare its sandbox, as the harnesses of coding agents have, and works in the sandbox
 * beside the program that called it.
 */
export function scriptedHarness(turn: Turn, commands: readonly string[] = ['chmod +x begin.sh && ./begin.sh > begun.txt']): HarnessV1 {
  return {
    specificationVersion: 'harness-v1',
    harnessId: 'scripted',
    builtinTools: {},
    getBootstrap: async () => ({
      harnessId: 'scripted',
      bootstrapDir: 'scripted-tools',
      files: [{ path: 'scripted-tools/begin.sh', content: '#!/bin/sh\necho "prepared in $PWD"\n' }],
      commands: commands.map((command) => ({ command })),
    }),
    doStart: async (place) => sessionOf(place, turn),
  };
}

function sessionOf(place: HarnessV1StartOptions, turn: Turn): HarnessV1Session {
  const never = async (): Promise<never> => {
    throw new Error('this is not used here');
  };
  return {
    sessionId: place.sessionId,
    isResume: false,
    doPromptTurn: async ({ prompt, emit }) => ({ submitToolResult: async () => undefined, done: tell(emit, () => turn(place, prompt)) }),
    doCompact: never,
    doContinueTurn: never,
    doSuspendTurn: never,
    doDetach: never,
    doStop: async () => ({ type: 'resume-session', harnessId: 'scripted', specificationVersion: 'harness-v1', data: {} }),
    doDestroy: async () => undefined,
  };
}

async function tell(emit: Emit, work: () => Promise<string>): Promise<void> {
  emit({ type: 'stream-start' });
  const text = await work();
  emit({ type: 'text-start', id: 'text' });
  emit({ type: 'text-delta', id: 'text', delta: text });
  emit({ type: 'text-end', id: 'text' });
  const finishReason = { unified: 'stop' as const, raw: undefined };
  emit({ type: 'finish-step', finishReason, usage });
  emit({ type: 'finish', finishReason, totalUsage: usage });
}
