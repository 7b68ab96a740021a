import { SandboxError } from '@sandport/core';
import type { AccountRecord } from '@sandport/settings';
import { digestOf, makeSecret } from '../access/secret.ts';
import type { Caller } from '../server/handler.ts';
import type { PeopleHandlers } from '../server/served-handlers.ts';
import { toAccountView } from './account-view.ts';
import { actorOf } from './actor-of.ts';
import type { PeopleService } from './people-service.ts';

type AccountHandlers = Pick<PeopleHandlers, 'listAccounts' | 'inviteAccount' | 'changeAccount' | 'removeAccount'>;

/** Routes by which admins decide whose accounts there are. */
export function accountHandlers(service: PeopleService): AccountHandlers {
  const { people } = service;
  return {
    listAccounts: async ({ signal }) => ({ accounts: (await people.listAccounts({ signal })).map(toAccountView) }),

    inviteAccount: async ({ body, caller, signal }) => {
      const account = await people.createAccount({ name: body.name, role: body.role }, { actor: actorOf(caller), signal });
      return { account: toAccountView(account), ...(await invite(service, account, caller)) };
    },

    changeAccount: async ({ params, body, caller }) => {
      const actor = actorOf(caller);
      const id = String(params.account);
      const { role, isDisabled } = body;
      if (body.resetPassword === true) await checkMayReset(service, id, caller);
      let account: AccountRecord | undefined;
      if (role !== undefined || isDisabled !== undefined) {
        const change = { ...(role === undefined ? {} : { role }), ...(isDisabled === undefined ? {} : { isDisabled }) };
        account = await people.updateAccount(id, change, { actor });
      }
      if (body.resetPassword !== true) return { account: toAccountView(account ?? (await getAccount(service, id))) };
      account = await people.updateAccount(id, { passwordHash: null }, { actor, action: 'reset-password' });
      await people.endSessionsOf(id);
      return { account: toAccountView(account), invitation: await invite(service, account, caller) };
    },

    removeAccount: async ({ params, caller, signal }) => {
      await people.removeAccount(String(params.account), { actor: actorOf(caller), signal });
    },
  };
}

/** The link by which the owner of an account sets the password. Its secret is behind the `#`, which browsers send to nobody. */
async function invite(
  { people, invitationMs, now, origin }: PeopleService,
  { id }: AccountRecord,
  caller: Caller | null,
): Promise<{ readonly link: string; readonly endsAtMs: number }> {
  const secret = makeSecret();
  const endsAtMs = now() + invitationMs;
  await people.createInvitation({ digest: digestOf(secret), accountId: id, endsAtMs }, { actor: actorOf(caller) });
  return { link: `${origin()}/admin/invitation#${secret}`, endsAtMs };
}

async function getAccount({ people }: PeopleService, id: string): Promise<AccountRecord> {
  const account = await people.findAccount(id);
  if (account !== undefined) return account;
  throw new SandboxError('CONFIG_MISSING', 'There is no such account; it may have been removed in the meantime.', {
    operation: 'changeAccount',
    suggestion: 'Look at the list of accounts again.',
  });
}

/** Whoever makes his own password useless loses the session that would show him the way back. */
async function checkMayReset(service: PeopleService, id: string, caller: Caller | null): Promise<void> {
  if (caller?.kind === 'account' && caller.id === id) throw cannotReset('is about your own account', 'Change your password instead.');
  const account = await getAccount(service, id);
  if (account.openIdSubject !== null) throw cannotReset('is about an account without a password', 'It signs in by OpenID Connect.');
}

function cannotReset(problem: string, suggestion: string): SandboxError {
  return new SandboxError('REQUEST_INVALID', `resetPassword: ${problem}.`, {
    operation: 'changeAccount',
    suggestion,
    details: { field: 'resetPassword' },
  });
}
