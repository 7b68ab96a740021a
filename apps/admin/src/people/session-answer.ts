import type { SessionAnswer } from '@sandport/admin-api';
import type { AccountRecord } from '@sandport/settings';
import type { LiveSession } from '../access/visitor.ts';
import { toAccountView } from './account-view.ts';
import type { PeopleService } from './people-service.ts';

/** Who calls, and how to sign in. */
export async function sessionAnswer(
  { firstAccount, openId, version }: PeopleService,
  signedIn: { readonly account: AccountRecord; readonly session: LiveSession } | undefined,
  signal: AbortSignal,
): Promise<SessionAnswer> {
  const base = { needsFirstAccount: await firstAccount.isOpen({ signal }), openIdName: openId?.name ?? null, version };
  if (signedIn === undefined) return { ...base, account: null, csrfToken: null, endsAtMs: null };
  const { id, name, role, signsInBy } = toAccountView(signedIn.account);
  return {
    ...base,
    account: { id, name, role, signsInBy },
    csrfToken: signedIn.session.csrfToken,
    endsAtMs: signedIn.session.idleEndsAtMs,
  };
}
