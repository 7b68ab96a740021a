import { PAGE_PATH } from '@sandport/admin-api';
import { SandboxError } from '@sandport/core';
import { ServiceProblem } from '@sandport/http-service';
import type { AccountRecord } from '@sandport/settings';
import { beginSession } from '../people/begin-session.ts';
import type { PeopleService } from '../people/people-service.ts';
import type { Exchange, PeopleHandlers } from '../server/served-handlers.ts';
import type { OpenIdPerson, OpenIdSignIn } from './openid-sign-in.ts';

type OpenIdHandlers = Pick<PeopleHandlers, 'beginOpenIdSignIn' | 'finishOpenIdSignIn'>;

/** What the page is told in its address, since a browser that is led here shows no answers of ours. */
type SignInOutcome = 'refused' | 'unavailable';

/** Routes that browsers are led through. */
export function openIdHandlers(service: PeopleService): OpenIdHandlers {
  return {
    beginOpenIdSignIn: async (_call, { reply }) => {
      const openId = openIdOf(service);
      try {
        reply.header('location', (await openId.begin(reply)).href);
      } catch (error) {
        leadBack(service, reply, error);
      }
    },

    finishOpenIdSignIn: async ({ signal }, exchange) => {
      const openId = openIdOf(service);
      const { request, reply } = exchange;
      try {
        const person = await openId.finish(request, reply);
        const isIn = person !== undefined && (await enter(service, person, exchange, signal));
        reply.header('location', isIn ? PAGE_PATH : addressAfter('refused'));
      } catch (error) {
        leadBack(service, reply, error);
      }
    },
  };
}

/** Whether somebody whom the provider knows was let in. */
async function enter(service: PeopleService, person: OpenIdPerson, exchange: Exchange, signal: AbortSignal): Promise<boolean> {
  const { people, refusals } = service;
  const { subject, role } = person;
  const known = await people.findAccountByOpenId(subject, { signal });
  if (role === undefined || known?.isDisabled === true) {
    await refusals.write({ account: known?.name, address: exchange.request.ip, by: 'openid' }, signal);
    return false;
  }
  await beginSession(service, known ?? (await createAccount(service, person, role)), exchange, { role });
  return true;
}

/** An account of that name that is somebody else's, by a password or at another provider, stays what it is. */
async function createAccount(
  { people }: PeopleService,
  { subject, name }: OpenIdPerson,
  role: AccountRecord['role'],
): Promise<AccountRecord> {
  for (const free of [name, `${name} (OpenID Connect)`]) {
    if (free === '' || (await people.findAccountByName(free)) !== undefined) continue;
    return people.createAccount({ name: free, role, openIdSubject: subject }, { actor: 'OpenID Connect' });
  }
  throw new SandboxError('CONFIG_CONFLICT', 'There are accounts of this name already.', { operation: 'signIn', suggestion: 'Rename one.' });
}

function leadBack({ log }: PeopleService, reply: Exchange['reply'], error: unknown): void {
  if (!SandboxError.isInstance(error)) throw error;
  // What the provider answered may have tokens in it: the name of the failure must do.
  const { cause } = error;
  log.warn({ code: error.code, reason: cause instanceof Error ? (Reflect.get(cause, 'code') ?? cause.name) : undefined }, error.message);
  reply.header('location', addressAfter('unavailable'));
}

function addressAfter(outcome: SignInOutcome): string {
  return `${PAGE_PATH}?sign-in=${outcome}`;
}

function openIdOf({ openId }: PeopleService): OpenIdSignIn {
  if (openId !== undefined) return openId;
  throw new ServiceProblem('NOT_FOUND', 'Nobody signs in by OpenID Connect here.');
}
