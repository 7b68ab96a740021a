import type { AnswerOf } from '@sandport/admin-api';
import type { ActiveVersion } from '@sandport/core';
import type { Handlers } from '../server/handler.ts';
import { versionNumberOf } from '../service/caller-faults.ts';
import type { SandboxService } from '../service/sandbox-service.ts';

/** What puts a version into use. */
export function activationHandlers(service: SandboxService): Handlers<'activateVersion' | 'rollBack' | 'setPolicyAside'> {
  const { configurations } = service.settings;
  return {
    activateVersion: async ({ params, body: { expectedActive, reason }, caller, signal }) => {
      const options = { author: caller.name, expectedActive, signal, ...(reason === undefined ? {} : { reason }) };
      return answerOf(service, await configurations.activate(versionNumberOf(params.version), options), signal);
    },
    rollBack: async ({ params, body: { expectedActive, reason }, caller, signal }) => {
      const options = { author: caller.name, expectedActive, reason, signal };
      return answerOf(service, await configurations.rollBack(versionNumberOf(params.version), options), signal);
    },
    setPolicyAside: async ({ params, body: { expectedActive, reason, act }, caller, signal }) => {
      const number = versionNumberOf(params.version);
      const options = { author: caller.name, expectedActive, reason, override: { reason }, signal };
      const step = act === 'activate' ? configurations.activate(number, options) : configurations.rollBack(number, options);
      return answerOf(service, await step, signal);
    },
  };
}

async function answerOf(
  { settings, now }: SandboxService,
  { number, override }: ActiveVersion,
  signal: AbortSignal,
): Promise<AnswerOf<'activateVersion'>> {
  const { record } = await settings.configurations.version(number, { signal });
  return { version: number, activatedAtMs: record.activatedAtMs ?? now(), override: override ?? null };
}
