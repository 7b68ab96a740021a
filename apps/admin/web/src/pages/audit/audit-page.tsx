import { Button, Code, Group, Select, Table, Text, TextInput } from '@mantine/core';
import { IconListDetails } from '@tabler/icons-react';
import type { AuditEntry } from '@sandport/admin-api';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { callApi } from '../../api/api.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { Waiting } from '../../components/query-state.tsx';
import { ScrollingTable } from '../../components/scrolling-table.tsx';
import { sayMoment } from '../../format/moment.ts';
import { useActionName } from './action-name.ts';
import { matchingEntries } from './matching-entries.ts';

const PAGE_LENGTH = 100;

/** What was done, by whom and when. */
export function AuditPage(): ReactNode {
  const { t } = useTranslation();
  const nameOf = useActionName();
  const [actor, setActor] = useState('');
  const [action, setAction] = useState<string | null>(null);
  const pages = useInfiniteQuery({
    queryKey: ['listAudit'],
    queryFn: ({ pageParam, signal }) => callApi('listAudit', { query: { limit: PAGE_LENGTH, before: pageParam }, signal }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ entries }) => (entries.length < PAGE_LENGTH ? undefined : entries.at(-1)?.sequence),
  });
  const entries = pages.data?.pages.flatMap((page) => page.entries) ?? [];
  const shown = matchingEntries(entries, { actor, action });
  const actions = [...new Set(entries.map((entry) => entry.action))].toSorted().map((value) => ({ value, label: nameOf(value) }));

  return (
    <>
      <PageHeading title={t('audit.title')} help={t('audit.help')} />
      {pages.isError ? <ProblemAlert error={pages.error} onRetry={() => void pages.refetch()} /> : null}
      {pages.data === undefined ? (
        pages.isError ? null : (
          <Waiting onRetry={() => void pages.refetch()} />
        )
      ) : entries.length === 0 ? (
        <EmptyState icon={<IconListDetails />} title={t('audit.empty')} help={t('audit.emptyHelp')} />
      ) : (
        <>
          <Group align="flex-end" gap="md" mb="md">
            <TextInput
              label={t('audit.actor')}
              placeholder={t('audit.actorPlaceholder')}
              value={actor}
              onChange={(event) => setActor(event.currentTarget.value)}
            />
            <Select
              label={t('audit.action')}
              placeholder={t('audit.anyAction')}
              data={actions}
              value={action}
              onChange={setAction}
              clearable
              clearButtonProps={{ 'aria-label': t('audit.anyAction') }}
            />
            <Text size="sm" c="dimmed" role="status" pb={8}>
              {t('audit.shown', { shown: shown.length, loaded: entries.length })}
            </Text>
          </Group>
          {shown.length === 0 ? (
            <EmptyState icon={<IconListDetails />} title={t('audit.noMatch')} help={t('audit.noMatchHelp')} />
          ) : (
            <AuditTable entries={shown} />
          )}
          <Group justify="center" mt="md">
            {pages.hasNextPage ? (
              <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                {t('audit.older')}
              </Button>
            ) : (
              <Text size="sm" c="dimmed">
                {t('audit.noOlder')}
              </Text>
            )}
          </Group>
        </>
      )}
    </>
  );
}

function AuditTable({ entries }: { readonly entries: readonly AuditEntry[] }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useActionName();
  return (
    <ScrollingTable label={t('audit.title')} minWidth={720} verticalSpacing="xs" className="raised">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('audit.columns.time')}</Table.Th>
          <Table.Th>{t('audit.columns.actor')}</Table.Th>
          <Table.Th>{t('audit.columns.action')}</Table.Th>
          <Table.Th>{t('audit.columns.version')}</Table.Th>
          <Table.Th>{t('audit.columns.summary')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map((entry) => (
          <Table.Tr key={entry.sequence}>
            <Table.Td style={{ whiteSpace: 'nowrap' }}>{sayMoment(entry.atMs)}</Table.Td>
            <Table.Td className="wrapped-text">{entry.actor}</Table.Td>
            <Table.Td>{nameOf(entry.action)}</Table.Td>
            <Table.Td>{entry.version ?? ''}</Table.Td>
            <Table.Td maw="26rem">
              <AuditSummary summary={entry.summary} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollingTable>
  );
}

function AuditSummary({ summary }: { readonly summary: AuditEntry['summary'] }): ReactNode {
  const { t } = useTranslation();
  const { reason, ...rest } = summary;
  const text = JSON.stringify(rest, undefined, 2);
  return (
    <>
      {typeof reason === 'string' ? (
        <Text size="sm" className="wrapped-text">
          {reason}
        </Text>
      ) : null}
      {Object.keys(rest).length === 0 ? null : (
        <details>
          <Text component="summary" size="xs" c="dimmed" style={{ cursor: 'pointer' }}>
            {t('words.details')}
          </Text>
          <Code block className="program-text" tabIndex={0}>
            {text}
          </Code>
        </details>
      )}
    </>
  );
}
