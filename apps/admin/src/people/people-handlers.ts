import type { PeopleHandlers } from '../server/served-handlers.ts';
import { openIdHandlers } from '../openid/openid-handlers.ts';
import { accountHandlers } from './account-handlers.ts';
import { actorOf } from './actor-of.ts';
import { passwordHandlers } from './password-handlers.ts';
import type { PeopleService } from './people-service.ts';
import { sessionAnswer } from './session-answer.ts';
import { tokenHandlers } from './token-handlers.ts';

/** How the routes about who may enter are carried out. */
export function createPeopleHandlers(service: PeopleService): PeopleHandlers {
  const { people, sessions } = service;
  return {
    readSession: async ({ caller, signal }, { request }) => {
      const session = request.visitor?.session;
      const account = caller?.kind === 'account' ? await people.findAccount(caller.id, { signal }) : undefined;
      return sessionAnswer(service, session === undefined || account === undefined ? undefined : { account, session }, signal);
    },

    signOut: async ({ caller, signal }, { request, reply }) => {
      const session = request.visitor?.session;
      if (session !== undefined) await sessions.end(session, reply);
      await people.recordAct({ actor: actorOf(caller), action: 'sign-out', summary: {} }, { signal });
    },

    ...passwordHandlers(service),
    ...openIdHandlers(service),
    ...accountHandlers(service),
    ...tokenHandlers(service),
  };
}
