import { sessionKeeper } from '../session/session-keeper.ts';
import { createApiCaller } from './api-caller.ts';

const caller = createApiCaller((input, init) => fetch(input, init), {
  csrfToken: () => sessionKeeper.csrfToken,
  signedInAgain: (signal) => sessionKeeper.signedInAgain(signal),
  refresh: async (signal) => sessionKeeper.renew(await caller.call('readSession', { signal })),
});

/** Calls a route. See `ApiCaller`. */
export const callApi = caller.call;

/** Follows the events of a route. See `ApiCaller`. */
export const followApi = caller.follow;
