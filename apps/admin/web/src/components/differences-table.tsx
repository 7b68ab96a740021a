import { Badge, Code, Group, Stack, Table, Text } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { Difference } from '@sandport/admin-api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ScrollingTable } from './scrolling-table.tsx';

/** Characters that fit into the narrowest column without scrolling. */
const LONG_TEXT = 200;

const KIND_COLORS = { added: 'green', removed: 'red', changed: 'indigo' } as const;

/** What differs between two versions. Of secrets it is told only that they are others. */
export function DifferencesTable({
  differences,
  label,
}: {
  readonly differences: readonly Difference[];
  readonly label: string;
}): ReactNode {
  const { t } = useTranslation();
  const nameOf = useRowName();
  const isNarrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false });
  if (differences.length === 0) return <Text c="dimmed">{t('acts.noDifferences')}</Text>;
  if (isNarrow) return <StackedDifferences differences={differences} label={label} />;
  return (
    <ScrollingTable label={label} minWidth={520} verticalSpacing="xs">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('acts.columns.row')}</Table.Th>
          <Table.Th>{t('acts.columns.field')}</Table.Th>
          <Table.Th>{t('acts.columns.before')}</Table.Th>
          <Table.Th>{t('acts.columns.after')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {differences.map((difference) => (
          <Table.Tr key={`${difference.row}/${difference.field ?? ''}`}>
            <Table.Td>{nameOf(difference.row)}</Table.Td>
            <Table.Td>
              <ChangedField difference={difference} />
            </Table.Td>
            <Table.Td>
              <DifferenceValue difference={difference} side="before" />
            </Table.Td>
            <Table.Td>
              <DifferenceValue difference={difference} side="after" />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollingTable>
  );
}

/** The same where there is no room for columns. */
function StackedDifferences({ differences, label }: { readonly differences: readonly Difference[]; readonly label: string }): ReactNode {
  const { t } = useTranslation();
  const nameOf = useRowName();
  return (
    <Stack component="ul" gap="md" p={0} m={0} aria-label={label} style={{ listStyle: 'none' }}>
      {differences.map((difference) => (
        <Stack component="li" gap={2} key={`${difference.row}/${difference.field ?? ''}`}>
          <Group gap="xs">
            <Text size="sm" fw={500}>
              {nameOf(difference.row)}
            </Text>
            <ChangedField difference={difference} />
          </Group>
          {(['before', 'after'] as const).map((side) => (
            <Group key={side} gap="xs" wrap="nowrap" align="baseline">
              <Text size="xs" c="dimmed" w="4rem" style={{ flexShrink: 0 }}>
                {t(`acts.columns.${side}`)}
              </Text>
              <DifferenceValue difference={difference} side={side} />
            </Group>
          ))}
        </Stack>
      ))}
    </Stack>
  );
}

function ChangedField({ difference }: { readonly difference: Difference }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      {difference.field === null ? null : <Code>{difference.field}</Code>}{' '}
      <Badge size="sm" variant="light" tt="none" color={KIND_COLORS[difference.kind]}>
        {t(`acts.differenceKinds.${difference.kind}`)}
      </Badge>
    </>
  );
}

/** What a row of the settings is called. */
export function useRowName(): (row: string) => string {
  const { t } = useTranslation();
  return (row) => {
    const name = row.replace(/^sandbox\./, '');
    if (name === 'provider_type') return t('acts.rows.providerType');
    return name === 'fallback' || name === 'policy' ? t(`acts.rows.${name}`) : name;
  };
}

function DifferenceValue({ difference, side }: { readonly difference: Difference; readonly side: 'before' | 'after' }): ReactNode {
  const { t } = useTranslation();
  const isAbsent = difference.kind === (side === 'before' ? 'added' : 'removed');
  if (difference.secret) {
    const text = isAbsent ? 'acts.secretNone' : difference.kind === 'changed' && side === 'after' ? 'acts.secretChanged' : 'acts.secretSet';
    return <Text size="sm">{t(text)}</Text>;
  }
  const value = difference[side];
  if (value === undefined) {
    return (
      <Text size="sm" c="dimmed">
        {t('acts.absent')}
      </Text>
    );
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value, undefined, typeof value === 'object' ? 2 : undefined);
  // What may be high enough to scroll can be reached by the keyboard; a stop at each number would be in the way.
  const mayScroll = text.length > LONG_TEXT || text.includes('\n');
  return (
    <Text size="sm" ff="monospace" className="program-text" component="pre" tabIndex={mayScroll ? 0 : undefined}>
      {text}
    </Text>
  );
}
