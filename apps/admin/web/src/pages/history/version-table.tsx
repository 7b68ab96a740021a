import { Button, Checkbox, Group, Table, Text } from '@mantine/core';
import type { VersionRecord } from '@sandport/admin-api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ScrollingTable } from '../../components/scrolling-table.tsx';
import { sayMoment } from '../../format/moment.ts';
import { useMay } from '../../session/use-session.ts';
import { StateBadge } from '../providers/provider-badges.tsx';

const STATE_COLORS = { draft: 'indigo', active: 'green', superseded: 'gray', discarded: 'gray' } as const;

interface VersionTableProps {
  readonly versions: readonly VersionRecord[];
  /** At most two. */
  readonly chosen: readonly number[];
  readonly onChoose: (chosen: readonly number[]) => void;
  readonly onDetails: (number: number) => void;
  readonly onUse: (act: 'activate' | 'roll-back', number: number) => void;
}

/** Versions, the newest first. */
export function VersionTable({ versions, ...rest }: VersionTableProps): ReactNode {
  const { t } = useTranslation();
  return (
    <ScrollingTable label={t('history.title')} minWidth={760} verticalSpacing="sm" className="raised">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('history.columns.version')}</Table.Th>
          <Table.Th>{t('history.columns.state')}</Table.Th>
          <Table.Th>{t('history.columns.author')}</Table.Th>
          <Table.Th>{t('history.columns.reason')}</Table.Th>
          <Table.Th>{t('history.columns.made')}</Table.Th>
          {/* Above the acts: a header without words would be read out as one. */}
          <Table.Td />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {versions.map((version) => (
          <VersionRow key={version.number} {...rest} version={version} />
        ))}
      </Table.Tbody>
    </ScrollingTable>
  );
}

function VersionRow({
  version,
  chosen,
  onChoose,
  onDetails,
  onUse,
}: Omit<VersionTableProps, 'versions'> & { readonly version: VersionRecord }): ReactNode {
  const { t } = useTranslation();
  const mayChange = useMay('operator');
  return (
    <Table.Tr>
      <Table.Td>
        <Checkbox
          label={String(version.number)}
          aria-label={t('history.select', { number: version.number })}
          checked={chosen.includes(version.number)}
          onChange={(event) =>
            onChoose(event.currentTarget.checked ? [...chosen, version.number].slice(-2) : chosen.filter((each) => each !== version.number))
          }
        />
      </Table.Td>
      <Table.Td>
        <StateBadge color={STATE_COLORS[version.state]} text={t(`providers.versionStates.${version.state}`)} />
      </Table.Td>
      <Table.Td className="wrapped-text">{version.author}</Table.Td>
      <Table.Td className="wrapped-text" maw="22rem">
        {version.reason}
      </Table.Td>
      <Table.Td>
        <Text size="sm">{sayMoment(version.createdAtMs)}</Text>
        {version.activatedAtMs === null ? null : (
          <Text size="xs" c="dimmed">
            {t('history.columns.used')}: {sayMoment(version.activatedAtMs)}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap" justify="flex-end">
          <Button
            size="compact-sm"
            variant="subtle"
            aria-label={t('history.details', { number: version.number })}
            onClick={() => onDetails(version.number)}
          >
            {t('words.details')}
          </Button>
          {mayChange && version.state === 'draft' ? (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t('acts.activateTitle', { number: version.number })}
              onClick={() => onUse('activate', version.number)}
            >
              {t('history.activate')}
            </Button>
          ) : null}
          {mayChange && version.state === 'superseded' ? (
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t('history.rollBackTo', { number: version.number })}
              onClick={() => onUse('roll-back', version.number)}
            >
              {t('history.rollBack')}
            </Button>
          ) : null}
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}
