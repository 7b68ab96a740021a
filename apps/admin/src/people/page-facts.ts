import { PAGE_PATH, type Installation, type PageFacts } from '@sandport/admin-api';
import type { OpenAnswers } from '@sandport/http-service';
import type { FastifyRequest } from 'fastify';
import type { Caller, Handler } from '../server/handler.ts';
import type { PageOptions } from '../served-page/serve-page.ts';
import type { PeopleService } from './people-service.ts';
import { sessionAnswer } from './session-answer.ts';

/** What the facts are found out by. */
export interface FactSources {
  readonly service: PeopleService;
  readonly readInstallation: Handler<'readInstallation'>;
  readonly answers: OpenAnswers;
}

/** A page that asks by itself what it was not told is better than one that does not come. */
const SESSION_TIMEOUT_MS = 3000;
const INSTALLATION_TIMEOUT_MS = 500;

/** Finds out what the first view has to know. Whatever cannot be found out in time is left to be asked for by the page, which tells of what is wrong better than an empty window. */
export function pageFactsOf({ service, readInstallation, answers }: FactSources): PageOptions['factsOf'] {
  return async (request, reply) => {
    const gone = answers.goneSignal(reply);
    try {
      const { caller, ...facts } = await sessionFacts(service, request, AbortSignal.any([gone, AbortSignal.timeout(SESSION_TIMEOUT_MS)]));
      if (caller === undefined || request.url.split('?', 1)[0] !== PAGE_PATH) return facts;
      const signal = AbortSignal.any([gone, AbortSignal.timeout(INSTALLATION_TIMEOUT_MS)]);
      return {
        ...facts,
        ...(await installationFacts(service, readInstallation({ params: {}, query: undefined, body: undefined, caller, signal }))),
      };
    } catch (error) {
      if (!gone.aborted) service.log.warn({ err: error }, 'the page is sent without knowing who asks for it');
      return undefined;
    }
  };
}

async function sessionFacts(
  service: PeopleService,
  request: FastifyRequest,
  signal: AbortSignal,
): Promise<Pick<PageFacts, 'session'> & { readonly caller?: Caller }> {
  const { people, sessions } = service;
  request.visitor = (await sessions.findBySession(request, { isUse: true, signal })) ?? null;
  const { visitor } = request;
  const account = visitor === null ? undefined : await people.findAccount(visitor.caller.id, { signal });
  if (visitor?.session === undefined || account === undefined) return { session: await sessionAnswer(service, undefined, signal) };
  return { session: await sessionAnswer(service, { account, session: visitor.session }, signal), caller: visitor.caller };
}

async function installationFacts({ log }: PeopleService, reading: Promise<Installation>): Promise<Pick<PageFacts, 'installation'>> {
  try {
    return { installation: await reading };
  } catch (error) {
    log.warn({ err: error }, 'the page is sent without what is in use');
    return {};
  }
}
