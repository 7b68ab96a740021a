import type { AuditEntry } from '@sandport/admin-api';

/** Entries of an actor, by a part of the name without regard to case, and of an action; an empty wish takes every one. */
export function matchingEntries(
  entries: readonly AuditEntry[],
  { actor, action }: { readonly actor: string; readonly action: string | null },
): readonly AuditEntry[] {
  const wanted = actor.trim().toLocaleLowerCase();
  return entries.filter(
    (entry) => (wanted === '' || entry.actor.toLocaleLowerCase().includes(wanted)) && (action === null || entry.action === action),
  );
}
