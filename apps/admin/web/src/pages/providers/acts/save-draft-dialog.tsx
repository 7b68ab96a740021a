import { Button, Checkbox, Group, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { toApiProblem, type ApiProblem } from '../../../api/api-problem.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { ProblemAlert } from '../../../components/problem-alert.tsx';
import { OutdatedAlert } from './outdated-alert.tsx';
import { ReasonField } from './reason-field.tsx';

/** What is asked before a draft is written. */
export interface DraftWish {
  readonly reason: string;
  readonly makesActive: boolean;
}

interface SaveDraftDialogProps {
  readonly defaultReason: string;
  /** What comes after saving, told beforehand. */
  readonly next: 'test' | 'activate' | undefined;
  /** Number of the draft that this one takes the place of. */
  readonly replaces: number | undefined;
  /** Offers to make the provider the active one; absent where it is already. */
  readonly activeOffer: { readonly name: string; readonly active: string; readonly isWished: boolean } | undefined;
  /** Writes the draft. */
  readonly save: (wish: DraftWish) => Promise<void>;
  /** Makes it anew on the version that came into use meanwhile. */
  readonly takeOver: (wish: DraftWish, active: number) => Promise<void>;
  /** Whether a problem is shown in the form rather than here. */
  readonly isForForm: (problem: ApiProblem) => boolean;
  readonly onClose: () => void;
}

/** Asks why, and writes a draft. */
export function SaveDraftDialog(props: SaveDraftDialogProps): ReactNode {
  const { t } = useTranslation();
  const { activeOffer, next, replaces } = props;
  const [reason, setReason] = useState(props.defaultReason);
  const [makesActive, setMakesActive] = useState(activeOffer?.isWished ?? false);
  const [isTried, setIsTried] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const wish = { reason: reason.trim(), makesActive };
  const conflict = problem === undefined ? undefined : conflictOf(problem);

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setIsTried(true);
    if (reason.trim() === '') return;
    setIsBusy(true);
    setProblem(undefined);
    try {
      await work();
    } catch (error) {
      const found = toApiProblem(error);
      setIsBusy(false);
      if (props.isForForm(found)) props.onClose();
      else setProblem(found);
    }
  };

  return (
    <Dialog title={t('acts.saveTitle')} onClose={props.onClose}>
      <Text size="sm">{next === undefined ? t('acts.saveHelp') : t(`acts.saveBefore.${next}`)}</Text>
      {replaces === undefined ? null : (
        <Text size="sm" c="dimmed">
          {t('acts.replaces', { number: replaces })}
        </Text>
      )}
      {problem === undefined || conflict !== undefined ? null : <ProblemAlert error={problem} />}
      {conflict === undefined ? null : (
        <OutdatedAlert {...conflict} isBusy={isBusy} onTakeOver={() => void attempt(() => props.takeOver(wish, conflict.active))} />
      )}
      <ReasonField value={reason} onChange={setReason} isTried={isTried} />
      {activeOffer === undefined ? null : (
        <Checkbox
          label={t('acts.makeActiveInDraft')}
          description={t('acts.makeActiveInDraftHelp', { name: activeOffer.name, active: activeOffer.active })}
          checked={makesActive}
          onChange={(event) => setMakesActive(event.currentTarget.checked)}
        />
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={props.onClose}>
          {t('words.cancel')}
        </Button>
        <Button onClick={() => void attempt(() => props.save(wish))} loading={isBusy} disabled={conflict !== undefined}>
          {t('acts.save')}
        </Button>
      </Group>
    </Dialog>
  );
}

/** What a conflict says of the versions; nothing for other problems. */
function conflictOf({ code, details }: ApiProblem): { readonly parent: number | null; readonly active: number } | undefined {
  if (code !== 'CONFIG_CONFLICT' || typeof details['active'] !== 'number') return undefined;
  return { active: details['active'], parent: typeof details['expected'] === 'number' ? details['expected'] : null };
}
