import type { ProviderDescription } from '@sandport/admin-api';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { callApi } from '../../../api/api.ts';
import { say } from '../../../components/say.ts';
import { useAccount } from '../../../session/use-session.ts';
import type { DraftWish } from '../acts/save-draft-dialog.tsx';
import { takeOverDraft, type DraftGround } from '../acts/take-over.ts';
import { changeBeside } from './draft-change.ts';
import { providerChange, storedInput, takeOver, type FormInput } from './form-input.ts';

interface SavingOptions {
  readonly description: ProviderDescription;
  /** The draft that the form shows; `undefined` when it shows the version in use. */
  readonly ground: DraftGround | undefined;
  readonly input: FormInput;
  readonly onSaved: (draft: number) => void;
}

/** How the input of a form becomes a draft. */
export interface DraftSaving {
  /** The draft that the new one takes the place of. */
  readonly replaces: number | undefined;
  readonly save: (wish: DraftWish) => Promise<void>;
  readonly takeOver: (wish: DraftWish, active: number) => Promise<void>;
}

/** Writes drafts of what was entered. What a shown draft changed elsewhere goes along. */
export function useDraftSaving({ description, ground, input, onSaved }: SavingOptions): DraftSaving {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const account = useAccount();
  const { id } = description.card;
  const record = ground?.draft.record;
  const replaces = record !== undefined && record.state === 'draft' && record.author === account.name ? record.number : undefined;
  const own = providerChange(description, input);
  const isForeign = record !== undefined && replaces === undefined;

  const create = async ({ reason, makesActive }: DraftWish, base: number | null): Promise<void> => {
    const beside = ground === undefined ? {} : changeBeside(ground.draft, ground.parent, id, ground.differences);
    // Secrets of somebody else's draft cannot be kept: only those that were in use before it can.
    const keep = isForeign ? own.keep.filter((name) => Object.hasOwn(ground?.parent.providers[id]?.secrets ?? {}, name)) : own.keep;
    const change = {
      ...beside,
      providers: { ...beside.providers, [id]: { config: own.config, keep } },
      ...(makesActive ? { providerType: id } : {}),
    };
    const body = { change, reason, base, ...(replaces === undefined ? {} : { replaces }) };
    await finish((await callApi('createDraft', { body })).version);
  };
  const finish = async (version: number): Promise<void> => {
    say.done(t('acts.saved', { number: version }));
    await queries.invalidateQueries();
    onSaved(version);
  };

  return {
    replaces,
    save: (wish) => create(wish, record === undefined ? description.version : record.parent),
    takeOver: async (wish, active) => {
      if (record === undefined) {
        const fresh = await callApi('describeProvider', { params: { provider: id } });
        const config = takeOver(storedInput(description).config, input.config, storedInput(fresh).config);
        const change = providerChange(fresh, { config, secrets: input.secrets });
        const body = {
          change: { providers: { [id]: change }, ...(wish.makesActive ? { providerType: id } : {}) },
          reason: wish.reason,
          base: active,
        };
        await finish((await callApi('createDraft', { body })).version);
        return;
      }
      const version = await takeOverDraft({
        number: record.number,
        active,
        accountName: account.name,
        reason: wish.reason,
        own: { providerId: id, config: own.config, keep: own.keep },
      });
      await finish(version);
    },
  };
}
