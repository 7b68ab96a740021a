import type { Handler } from '../server/handler.ts';
import type { SandboxService } from '../service/sandbox-service.ts';

/** Passports of a provider, the newest first. */
export function listPassports({ settings: { configurations } }: SandboxService): Handler<'listPassports'> {
  return async ({ query: { provider, limit }, signal }) => ({
    passports: [...(await configurations.passports(provider, { limit, signal }))],
  });
}
