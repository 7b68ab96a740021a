import type { HarnessV1NetworkSandboxSession, HarnessV1SandboxProvider } from '@ai-sdk/harness';
import type { Experimental_SandboxSession } from 'ai';
import type { Experimental_SandboxSession as OldestSandboxSession } from 'ai-7.0.112';
import { expectTypeOf, test } from 'vitest';
import type { HarnessSandbox } from './harness-sandbox.ts';
import type { SandboxSession } from './owned-session.ts';

test('harnesses of the framework take our sandboxes as they take those of a service', () => {
  expectTypeOf<HarnessSandbox>().toExtend<HarnessV1SandboxProvider>();
  expectTypeOf<SandboxSession>().toExtend<HarnessV1NetworkSandboxSession>();
});

test('its functions take our sessions, in every release of the range', () => {
  expectTypeOf<SandboxSession>().toExtend<Experimental_SandboxSession>();
  expectTypeOf<SandboxSession>().toExtend<OldestSandboxSession>();
});
