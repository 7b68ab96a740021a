import { ROLES, type Role, type SessionAnswer } from '@sandport/admin-api';
import { useSyncExternalStore } from 'react';
import { sessionKeeper, type SessionState } from './session-keeper.ts';

/** What the page knows of its session. */
export function useSession(): SessionState {
  return useSyncExternalStore(sessionKeeper.subscribe, sessionKeeper.state);
}

/** Who is signed in. Only below the gate that asks for it. */
export function useAccount(): NonNullable<SessionAnswer['account']> {
  const account = useSession().answer?.account;
  if (account === undefined || account === null) throw new Error('Nobody is signed in here.');
  return account;
}

/** Whether whoever is signed in has this role, or one above it. */
export function useMay(role: Role): boolean {
  return ROLES.indexOf(useAccount().role) >= ROLES.indexOf(role);
}
