import type { Account } from '@sandport/admin-api';
import type { AccountRecord } from '@sandport/settings';

/** An account without what nobody is to see. */
export function toAccountView(record: AccountRecord): Account {
  const { id, name, role, isDisabled, createdAtMs, lastSignInAtMs } = record;
  return { id, name, role, isDisabled, signsInBy: signsInBy(record), createdAtMs, lastSignInAtMs };
}

function signsInBy({ openIdSubject, passwordHash }: AccountRecord): Account['signsInBy'] {
  if (openIdSubject !== null) return 'openid';
  return passwordHash === null ? 'invitation' : 'password';
}
