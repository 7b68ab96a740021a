import { Anchor, Button, Group } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { Waiting } from '../../components/query-state.tsx';
import { ActivationDialog } from '../providers/acts/activation-dialog.tsx';
import { ComparedVersions } from './compared-versions.tsx';
import { useVersionPages } from './use-version-pages.ts';
import { VersionDetails } from './version-details.tsx';
import { VersionTable } from './version-table.tsx';

/** What is open beside the table. */
type Open =
  | { readonly kind: 'details'; readonly number: number }
  | { readonly kind: 'compare'; readonly from: number; readonly to: number }
  | { readonly kind: 'activate' | 'roll-back'; readonly number: number };

/** All versions, and what can be done with them. */
export function HistoryPage(): ReactNode {
  const { t } = useTranslation();
  const queries = useQueryClient();
  const [chosen, setChosen] = useState<readonly number[]>([]);
  const [open, setOpen] = useState<Open>();
  const pages = useVersionPages();
  const versions = pages.data?.pages.flatMap((page) => page.versions);
  const close = (): void => setOpen(undefined);
  const finish = (): void => {
    close();
    void queries.invalidateQueries();
  };
  const [from, to] = chosen.toSorted((one, other) => one - other);

  return (
    <>
      <PageHeading title={t('history.title')} help={t('history.help')}>
        <Anchor component={Link} to="/policy" size="sm">
          {t('policy.title')}
        </Anchor>
        <Button
          variant="default"
          disabled={from === undefined || to === undefined}
          title={t('history.compareHint')}
          onClick={() => from !== undefined && to !== undefined && setOpen({ kind: 'compare', from, to })}
        >
          {t('history.compareSelected')}
        </Button>
      </PageHeading>
      {pages.isError ? <ProblemAlert error={pages.error} onRetry={() => void pages.refetch()} /> : null}
      {versions === undefined ? (
        pages.isError ? null : (
          <Waiting onRetry={() => void pages.refetch()} />
        )
      ) : versions.length === 0 ? (
        <EmptyState icon={<IconHistory />} title={t('history.empty')} help={t('history.emptyHelp')} />
      ) : (
        <VersionTable
          versions={versions}
          chosen={chosen}
          onChoose={setChosen}
          onDetails={(number) => setOpen({ kind: 'details', number })}
          onUse={(kind, number) => setOpen({ kind, number })}
        />
      )}
      {pages.hasNextPage ? (
        <Group justify="center" mt="md">
          <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {t('history.older')}
          </Button>
        </Group>
      ) : null}
      {open?.kind === 'details' ? <VersionDetails number={open.number} onClose={close} /> : null}
      {open?.kind === 'compare' ? <ComparedVersions from={open.from} to={open.to} onClose={close} /> : null}
      {open?.kind === 'activate' || open?.kind === 'roll-back' ? (
        <ActivationDialog
          key={`${open.kind}/${open.number}`}
          number={open.number}
          act={open.kind}
          onDone={finish}
          onTakenOver={(number) => setOpen({ kind: 'activate', number })}
          onClose={finish}
        />
      ) : null}
    </>
  );
}
