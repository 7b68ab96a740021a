import { SandboxError } from '@sandport/core';
import type { AccountRecord, PersonRole } from '@sandport/settings';
import type { LiveSession } from '../access/visitor.ts';
import type { Exchange } from '../server/served-handlers.ts';
import type { PeopleService } from './people-service.ts';

/** What becomes known of an account by a sign-in. */
export interface SignInNews {
  /** As the OpenID Connect provider says. */
  readonly role?: PersonRole;
  /** Of the same password, at the cost of now. */
  readonly renewedHash?: string | undefined;
}

/**
 * Begins the session of somebody who has just proven who he is, and writes it down.
 *
 * @throws SandboxError `CONFIG_CONFLICT` when the account was changed in the meantime in a way that the proof no longer holds.
 */
export async function beginSession(
  { people, sessions, now }: PeopleService,
  proven: AccountRecord,
  exchange: Exchange,
  { role, renewedHash }: SignInNews = {},
): Promise<{ readonly account: AccountRecord; readonly session: LiveSession }> {
  const signIn = { actor: proven.name, action: 'sign-in' } as const;
  const account = await people.updateAccount(proven.id, { lastSignInAtMs: now(), ...(role === undefined ? {} : { role }) }, signIn);
  const session = await sessions.begin(account, exchange);
  // A change of password ends the sessions that there were: this one may have been begun just after that.
  const found = await people.findSession(session.digest, now());
  if (found === undefined || found.account.passwordHash !== proven.passwordHash) {
    await sessions.end(session, exchange.reply);
    throw new SandboxError('CONFIG_CONFLICT', 'The account was changed at this moment.', {
      operation: 'signIn',
      suggestion: 'Sign in again.',
    });
  }
  if (renewedHash !== undefined)
    await people.updateAccount(proven.id, { passwordHash: renewedHash }, { ...signIn, action: 'change-password' });
  return { account, session };
}
