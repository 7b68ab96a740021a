import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiQuery } from '../../api/queries.ts';
import { Dialog } from '../../components/dialog.tsx';
import { DifferencesTable } from '../../components/differences-table.tsx';
import { QueryState } from '../../components/query-state.tsx';

/** What differs between two versions. */
export function ComparedVersions({
  from,
  to,
  onClose,
}: {
  readonly from: number;
  readonly to: number;
  readonly onClose: () => void;
}): ReactNode {
  const { t } = useTranslation();
  const answer = useApiQuery('compareVersions', { query: { from, to } });
  const title = t('history.differencesOf', { from, to });
  return (
    <Dialog title={title} size="xl" onClose={onClose}>
      <QueryState query={answer}>{({ differences }) => <DifferencesTable differences={differences} label={title} />}</QueryState>
    </Dialog>
  );
}
