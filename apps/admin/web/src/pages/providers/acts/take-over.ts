import type { VersionView } from '@sandport/admin-api';
import { callApi } from '../../../api/api.ts';
import { changeOnto, changesSecrets, EMPTY_CONTENT, type Change, type VersionContent } from '../editing/draft-change.ts';
import type { Config } from '../editing/form-input.ts';

/** A draft beside what it was made from. */
export interface DraftGround {
  readonly draft: VersionView;
  readonly parent: VersionContent;
  /** Whether the draft sets secrets. Only a draft that takes its place can keep them. */
  readonly setsSecrets: boolean;
  /** From the parent to the draft. */
  readonly differences: Awaited<ReturnType<typeof readDifferences>>;
}

/** What was entered over a draft and is not saved. */
export interface OwnInput {
  readonly providerId: string;
  readonly config: Config;
  readonly keep: readonly string[];
}

/** Reads a draft with what it was made from. */
export async function readDraftGround(number: number, signal?: AbortSignal): Promise<DraftGround> {
  const draft = await callApi('readVersion', { params: { version: number }, signal });
  const [parent, differences] = await Promise.all([
    readContent(draft.record.parent, signal),
    readDifferences(draft.record.parent, number, signal),
  ]);
  return { draft, parent, differences, setsSecrets: changesSecrets(differences) };
}

async function readContent(version: number | null, signal: AbortSignal | undefined): Promise<VersionContent> {
  return version === null ? EMPTY_CONTENT : callApi('readVersion', { params: { version }, signal });
}

async function readDifferences(from: number | null, to: number, signal: AbortSignal | undefined) {
  if (from === null) return [];
  return (await callApi('compareVersions', { query: { from, to }, signal })).differences;
}

/** Who takes over, and why. */
export interface TakeOver {
  readonly number: number;
  /** The version in use, onto which the changes go. */
  readonly active: number;
  readonly accountName: string;
  readonly reason: string;
  readonly own?: OwnInput | undefined;
}

/**
 * Makes a draft anew on the ground of the version in use, and gives its number. A draft without secrets of its own is discarded afterwards rather than replaced: secrets that somebody else has changed
 * meanwhile must not come back with it.
 */
export async function takeOverDraft({ number, active, accountName, reason, own }: TakeOver): Promise<number> {
  const ground = await readDraftGround(number);
  const onto = await callApi('readVersion', { params: { version: active } });
  const isMine = ground.draft.record.author === accountName && ground.draft.record.state === 'draft';
  const replaces = isMine && ground.setsSecrets ? number : undefined;
  const change = changeOnto(withOwn(ground.draft, own), ground.parent, onto, ground.differences);
  const { version } = await callApi('createDraft', {
    body: {
      change: withKept(change, own, onto, replaces !== undefined),
      reason,
      base: active,
      ...(replaces === undefined ? {} : { replaces }),
    },
  });
  if (isMine && replaces === undefined) await callApi('discardDraft', { params: { version: number }, body: {} });
  return version;
}

function withOwn(draft: VersionView, own: OwnInput | undefined): VersionContent {
  if (own === undefined) return draft;
  const stored = draft.providers[own.providerId];
  const secrets = Object.fromEntries(own.keep.map((name) => [name, stored?.secrets[name] ?? 'sealed'] as const));
  return { ...draft, providers: { ...draft.providers, [own.providerId]: { config: own.config, secrets, problem: null } } };
}

/** Only secrets that are there can be kept. */
function withKept(change: Change, own: OwnInput | undefined, onto: VersionContent, isReplacing: boolean): Change {
  if (change.providers === undefined) return change;
  const providers = Object.entries(change.providers).map(([id, provider]) => {
    if (provider === null) return [id, null] as [string, null];
    const wanted = own?.providerId === id ? own.keep : (provider.keep ?? []);
    const keep = wanted.filter((name) => isReplacing || Object.hasOwn(onto.providers[id]?.secrets ?? {}, name));
    return [id, { ...provider, keep: [...keep] }] as [string, typeof provider];
  });
  return { ...change, providers: Object.fromEntries(providers) };
}
