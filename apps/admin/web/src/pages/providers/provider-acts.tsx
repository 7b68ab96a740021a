import type { ProviderCard } from '@sandport/admin-api';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, type ReactNode } from 'react';
import { providerName } from '../../i18n/provider-words.ts';
import { ActivationDialog } from './acts/activation-dialog.tsx';
import { DiscardDialog } from './acts/discard-dialog.tsx';

const TrialDialog = lazy(async () => ({ default: (await import('./trial/trial-dialog.tsx')).TrialDialog }));

/** What is being done with a provider, beside its form. `version` is `null` for the version in use. */
export type OpenAct =
  | { readonly kind: 'test'; readonly version: number | null }
  | { readonly kind: 'activate'; readonly version: number }
  | { readonly kind: 'discard'; readonly version: number };

interface ProviderActsProps {
  readonly card: ProviderCard;
  readonly act: OpenAct | undefined;
  readonly onAct: (act: OpenAct | undefined) => void;
  readonly onShowDraft: (number: number | undefined) => void;
}

/** The dialogs of a provider. They outlive the form, which another version replaces. */
export function ProviderActs({ card, act, onAct, onShowDraft }: ProviderActsProps): ReactNode {
  const queries = useQueryClient();
  if (act === undefined) return null;
  const close = (): void => onAct(undefined);
  const leave = (draft: number | undefined): void => {
    onShowDraft(draft);
    close();
    void queries.invalidateQueries();
  };
  switch (act.kind) {
    case 'test':
      return (
        <Suspense fallback={null}>
          <TrialDialog providerId={card.id} name={providerName(card)} version={act.version} onClose={close} />
        </Suspense>
      );
    case 'activate':
      return <ActivationDialog number={act.version} act="activate" onDone={() => leave(undefined)} onTakenOver={leave} onClose={close} />;
    case 'discard':
      return <DiscardDialog number={act.version} onDiscarded={() => leave(undefined)} onClose={close} />;
  }
}
