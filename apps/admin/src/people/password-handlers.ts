import { SandboxError } from '@sandport/core';
import { ServiceProblem } from '@sandport/http-service';
import type { AccountRecord } from '@sandport/settings';
import { digestOf } from '../access/secret.ts';
import type { PeopleHandlers } from '../server/served-handlers.ts';
import { beginSession } from './begin-session.ts';
import type { PeopleService } from './people-service.ts';
import { sessionAnswer } from './session-answer.ts';

type PasswordHandlers = Pick<PeopleHandlers, 'signIn' | 'changePassword' | 'createFirstAccount' | 'redeemInvitation'>;

/** Routes that take a password. */
export function passwordHandlers(service: PeopleService): PasswordHandlers {
  const { people, passwords, firstAccount, now } = service;
  return {
    signIn: async ({ body, signal }, exchange) => {
      const account = await people.findAccountByName(body.name, { signal });
      const proven = await prove(service, { account, name: body.name, password: body.password, address: exchange.request.ip, signal });
      const renewedHash = await renewHash(service, proven, body.password);
      return sessionAnswer(service, await beginSession(service, proven, exchange, { renewedHash }), signal);
    },

    changePassword: async ({ body, caller, signal }, { request }) => {
      const account = caller === null ? undefined : await people.findAccount(caller.id, { signal });
      if (account === undefined) throw new ServiceProblem('UNAUTHENTICATED', 'The account is gone.');
      if (account.passwordHash === null) throw hasNoPassword();
      await prove(service, { account, name: account.name, password: body.current, address: request.ip, signal, field: 'current' });
      const passwordHash = await passwords.hash(body.next);
      await people.updateAccount(account.id, { passwordHash }, { actor: account.name, action: 'change-password' });
      const digest = request.visitor?.session?.digest;
      await people.endSessionsOf(account.id, digest === undefined ? {} : { except: digest });
    },

    createFirstAccount: async ({ body, signal }, exchange) => {
      const isWelcome = firstAccount.isOpenedBy(body.secret) && (await firstAccount.isOpen({ signal }));
      if (!isWelcome)
        throw new ServiceProblem(
          'FORBIDDEN',
          'The link is not good, or no longer: the server prints a new one at its start while there is no account.',
        );
      const passwordHash = await passwords.hash(body.password);
      const account = await people.createFirstAccount({ name: body.name, passwordHash });
      return sessionAnswer(service, await beginSession(service, account, exchange), signal);
    },

    redeemInvitation: async ({ body, signal }, exchange) => {
      const invited = await people.takeInvitation(digestOf(body.secret), now(), { signal });
      if (invited === undefined)
        throw new ServiceProblem('FORBIDDEN', 'The invitation is not good, or no longer: ask an admin for a new one.');
      // From here on it is done, also for somebody who goes away: the invitation is used up.
      const passwordHash = await passwords.hash(body.password);
      const account = await people.updateAccount(invited.id, { passwordHash }, { actor: invited.name, action: 'change-password' });
      await people.endSessionsOf(account.id);
      return sessionAnswer(service, await beginSession(service, account, exchange), signal);
    },
  };
}

interface Claim {
  readonly account: AccountRecord | undefined;
  /** As it was typed. */
  readonly name: string;
  readonly password: string;
  readonly address: string;
  readonly signal: AbortSignal;
  /** Where the password was typed by somebody who is known already. */
  readonly field?: 'current';
}

/** The account whose password it is. Nothing tells apart why it is none: not the words, not the time, not the count. */
async function prove(service: PeopleService, { account, name, password, address, signal, field }: Claim): Promise<AccountRecord> {
  const { throttle, passwords, refusals } = service;
  const attempt = { name, address };
  await throttle.begin(attempt, signal);
  const isRight = await passwords.verify(password, account?.isDisabled === true ? null : account?.passwordHash);
  if (isRight && account !== undefined) {
    await throttle.succeeded(attempt, signal);
    return account;
  }
  await throttle.failed(attempt, signal);
  await refusals.write({ account: account?.name, address, by: 'password' }, signal);
  if (field === undefined) throw new ServiceProblem('UNAUTHENTICATED', 'The name or the password is wrong.');
  throw new SandboxError('REQUEST_INVALID', `${field}: is not the password of the account.`, {
    operation: 'changePassword',
    suggestion: 'Type the password with which you signed in.',
    details: { field, fields: [{ field, message: 'is not the password of the account' }] },
  });
}

/** A password is hashed anew where it was hashed at another cost. */
async function renewHash({ passwords }: PeopleService, { passwordHash }: AccountRecord, password: string): Promise<string | undefined> {
  return passwordHash !== null && passwords.isOutdated(passwordHash) ? passwords.hash(password) : undefined;
}

function hasNoPassword(): SandboxError {
  return new SandboxError('REQUEST_INVALID', 'current: the account has no password.', {
    operation: 'changePassword',
    suggestion: 'It signs in by OpenID Connect: change the password there.',
    details: { field: 'current' },
  });
}
