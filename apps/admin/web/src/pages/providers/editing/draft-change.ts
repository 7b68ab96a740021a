import type { BodyOf, Difference, VersionView } from '@sandport/admin-api';
import { isSameValue, takeOver, type Config } from './form-input.ts';

/** What a draft is made with. */
export type Change = BodyOf<'createDraft'>['change'];

type Stored = VersionView['providers'][string];

/** What a version can be made of, of all that it has. */
export type VersionContent = Pick<VersionView, 'providerType' | 'fallback' | 'policy' | 'providers'>;

/**
 * What a draft changed from its parent, as a change of another version: the draft is made anew on that ground. Within a provider only the fields that the draft changed are taken.
 */
export function changeOnto(
  draft: VersionContent,
  parent: VersionContent,
  onto: VersionContent,
  /** From the parent to the draft: they tell of secrets that became others, which no view shows. */
  differences: readonly Difference[] = [],
): Change {
  const touched = new Set(differences.map((difference) => difference.row));
  const ids = new Set([...Object.keys(draft.providers), ...Object.keys(parent.providers)]);
  const providers = [...ids].flatMap((id): [string, NonNullable<Change['providers']>[string]][] => {
    const [mine, before, now] = [draft.providers[id], parent.providers[id], onto.providers[id]];
    if (mine === undefined) return before === undefined || now === undefined ? [] : [[id, null]];
    if (before !== undefined && isSameStored(mine, before) && !touched.has(`sandbox.${id}`)) return [];
    return [[id, { config: takeOver(before?.config ?? {}, mine.config, now?.config ?? {}), keep: Object.keys(mine.secrets) }]];
  });
  return {
    ...(draft.providerType === null || draft.providerType === parent.providerType ? {} : { providerType: draft.providerType }),
    ...(isSameValue(draft.fallback, parent.fallback) ? {} : { fallback: draft.fallback }),
    ...(isSameValue(draft.policy, parent.policy) ? {} : { policy: draft.policy }),
    ...(providers.length === 0 ? {} : { providers: Object.fromEntries(providers) }),
  };
}

/** What a draft changed beside one provider: it goes along when the draft is replaced by a new one of that provider. */
export function changeBeside(
  draft: VersionContent,
  parent: VersionContent,
  providerId: string,
  differences: readonly Difference[],
): Change {
  const { providers = {}, ...rest } = changeOnto(draft, parent, parent, differences);
  const others = Object.entries(providers ?? {}).filter(([id]) => id !== providerId);
  return { ...rest, ...(others.length === 0 ? {} : { providers: Object.fromEntries(others) }) };
}

/** Whether a secret is among the differences. Which one a version has is never told, only that it is another. */
export function changesSecrets(differences: readonly Difference[]): boolean {
  return differences.some((difference) => difference.secret);
}

/** Nothing is configured: what comes before the first version. */
export const EMPTY_CONTENT: VersionContent = { providerType: null, fallback: [], policy: null, providers: {} };

function isSameStored(one: Stored, other: Stored): boolean {
  return isSameValue(one.config satisfies Config, other.config) && isSameValue(one.secrets, other.secrets);
}
