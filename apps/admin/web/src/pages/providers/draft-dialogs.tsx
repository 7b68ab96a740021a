import type { Installation, ProviderDescription } from '@sandport/admin-api';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiProblem } from '../../api/api-problem.ts';
import { useApiQuery } from '../../api/queries.ts';
import { providerName } from '../../i18n/provider-words.ts';
import { CompareDialog } from './acts/compare-dialog.tsx';
import { SaveDraftDialog } from './acts/save-draft-dialog.tsx';
import type { DraftGround } from './acts/take-over.ts';
import type { WantedAct } from './act-bar.tsx';
import { differencesOf } from './editing/describe-change.ts';
import { useDraftSaving } from './editing/use-draft-saving.ts';
import type { FormEditing } from './editing/use-form-input.ts';
import { fieldLabel } from './form/field-words.ts';
import type { OpenAct } from './provider-acts.tsx';

/** More fields than these are counted and not named. */
const MOST_NAMED_FIELDS = 3;

interface DraftDialogsProps {
  readonly installation: Installation;
  readonly description: ProviderDescription;
  readonly ground: DraftGround | undefined;
  readonly editing: FormEditing;
  readonly wanted: WantedAct | undefined;
  readonly onDone: () => void;
  readonly onAct: (act: OpenAct) => void;
  readonly onShowDraft: (number: number | undefined) => void;
  /** Shows a problem at its fields; `false` when it has none there. */
  readonly takeProblem: (problem: ApiProblem) => boolean;
}

/** What an act asks before it is done. Input that is not saved is saved first, and said to be. */
export function DraftDialogs(props: DraftDialogsProps): ReactNode {
  const { installation, description, ground, editing, wanted, onDone, onAct } = props;
  const { t } = useTranslation();
  const { card } = description;
  const draft = ground?.draft.record;
  const openDraft = draft?.state === 'draft' ? draft.number : undefined;
  const isChanged = editing.changed.length > 0;
  const makesActive = wanted === 'activate' && openDraft === undefined && !card.isActive;
  const needsSaving = wanted === 'save' || (isChanged && (wanted === 'test' || wanted === 'activate')) || (makesActive && !isChanged);
  const inUse = useApiQuery(
    'describeProvider',
    { params: { provider: card.id }, query: { version: undefined } },
    { enabled: wanted === 'compare' && isChanged },
  );

  const saving = useDraftSaving({
    description,
    ground,
    input: editing.input,
    onSaved: (number) => {
      editing.reset();
      onDone();
      props.onShowDraft(number);
      if (wanted === 'test') onAct({ kind: 'test', version: number });
      if (wanted === 'activate') onAct({ kind: 'activate', version: number });
    },
  });

  useEffect(() => {
    if (wanted === undefined || wanted === 'compare' || needsSaving) return;
    if (wanted === 'test') onAct({ kind: 'test', version: openDraft ?? null });
    if (wanted === 'activate' && openDraft !== undefined) onAct({ kind: 'activate', version: openDraft });
    if (wanted === 'discard' && openDraft !== undefined) onAct({ kind: 'discard', version: openDraft });
    onDone();
  }, [wanted, needsSaving, openDraft, onAct, onDone]);

  if (wanted === 'compare') {
    const unsaved = isChanged && inUse.data !== undefined ? differencesOf(inUse.data, editing.input) : undefined;
    return isChanged && unsaved === undefined ? null : (
      <CompareDialog active={installation.version} draft={openDraft} unsaved={unsaved} onClose={onDone} />
    );
  }
  if (!needsSaving) return null;
  const name = providerName(card);
  const active = installation.providers.find((provider) => provider.isActive);
  return (
    <SaveDraftDialog
      defaultReason={isChanged ? reasonFor(editing.changed) : t('acts.defaultReasonSwitch', { name })}
      next={isChanged && (wanted === 'test' || wanted === 'activate') ? wanted : undefined}
      replaces={saving.replaces}
      activeOffer={
        card.isActive || ground?.draft.providerType === card.id
          ? undefined
          : {
              name,
              active: active === undefined ? t('words.none') : providerName(active),
              isWished: makesActive || installation.providerType === null,
            }
      }
      save={saving.save}
      takeOver={saving.takeOver}
      isForForm={props.takeProblem}
      onClose={onDone}
    />
  );

  function reasonFor(changed: readonly string[]): string {
    const labels = changed.map((field) => {
      const known = description.fields.find((each) => each.name === field);
      return known === undefined ? field : fieldLabel(card.id, known);
    });
    const fields = labels.slice(0, MOST_NAMED_FIELDS).join(', ');
    const rest = labels.length - MOST_NAMED_FIELDS;
    return rest > 0 ? t('acts.defaultReasonMore', { fields, count: rest, name }) : t('acts.defaultReason', { fields, name });
  }
}
