import { Text } from '@mantine/core';
import type { Difference } from '@sandport/admin-api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiQuery } from '../../../api/queries.ts';
import { Dialog } from '../../../components/dialog.tsx';
import { DifferencesTable } from '../../../components/differences-table.tsx';
import { QueryState } from '../../../components/query-state.tsx';

interface CompareDialogProps {
  /** The version in use; `null` when there is none. */
  readonly active: number | null;
  /** The draft; `undefined` when there is none. */
  readonly draft: number | undefined;
  /** What the form has and no version; `undefined` when it has no changes. */
  readonly unsaved: readonly Difference[] | undefined;
  readonly onClose: () => void;
}

/** Shows what a draft, or the form, has otherwise than the version in use. */
export function CompareDialog({ active, draft, unsaved, onClose }: CompareDialogProps): ReactNode {
  const { t } = useTranslation();
  const isAsked = unsaved === undefined && active !== null && draft !== undefined;
  const answer = useApiQuery('compareVersions', { query: { from: active ?? 1, to: draft ?? 1 } }, { enabled: isAsked });
  return (
    <Dialog title={t('acts.compareTitle')} size="xl" onClose={onClose}>
      {unsaved === undefined ? null : (
        <>
          <Text size="sm" c="dimmed">
            {t('acts.compareUnsaved')}
          </Text>
          <DifferencesTable differences={unsaved} label={t('acts.compareTitle')} />
        </>
      )}
      {isAsked ? (
        <QueryState query={answer}>
          {({ differences }) => <DifferencesTable differences={differences} label={t('acts.compareTitle')} />}
        </QueryState>
      ) : null}
      {!isAsked && unsaved === undefined ? <Text c="dimmed">{t('acts.compareNothing')}</Text> : null}
    </Dialog>
  );
}
