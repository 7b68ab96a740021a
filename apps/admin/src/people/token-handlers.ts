import { randomUUID } from 'node:crypto';
import { digestOf } from '../access/secret.ts';
import { makeToken } from '../access/sessions.ts';
import type { PeopleHandlers } from '../server/served-handlers.ts';
import { actorOf } from './actor-of.ts';
import type { PeopleService } from './people-service.ts';

type TokenHandlers = Pick<PeopleHandlers, 'listTokens' | 'createToken' | 'revokeToken'>;

const DAY_MS = 24 * 3_600_000;

/** Routes of API tokens. */
export function tokenHandlers({ people, now }: PeopleService): TokenHandlers {
  return {
    listTokens: async ({ signal }) => ({ tokens: [...(await people.listTokens({ signal }))] }),

    createToken: async ({ body, caller }) => {
      const secret = makeToken();
      const actor = actorOf(caller);
      const endsAtMs = body.lifetimeDays === null ? null : now() + body.lifetimeDays * DAY_MS;
      const { name, role } = body;
      const token = await people.createToken(
        { id: randomUUID(), digest: digestOf(secret), name, role, createdBy: actor, endsAtMs },
        { actor },
      );
      return { token, secret };
    },

    revokeToken: async ({ params, caller, signal }) => {
      await people.revokeToken(String(params.token), { actor: actorOf(caller), signal });
    },
  };
}
