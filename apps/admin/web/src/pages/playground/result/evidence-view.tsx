import { Badge, Group, Stack, Table, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ScrollingTable } from '../../../components/scrolling-table.tsx';
import type { ProgramResult } from '../../../format/program-status.ts';

/** The machine facts that the verdict rests on, and the boundary that was measured. */
export function EvidenceView({ result }: { readonly result: ProgramResult | null }): ReactNode {
  const { t } = useTranslation();
  if (result === null) return <Text c="dimmed">{t('playground.evidenceLater')}</Text>;
  const { isolation, evidence } = result;
  return (
    <Stack>
      <section>
        <Title order={3} mb={4}>
          {t('playground.isolation')}
        </Title>
        <Group gap="xs" mb={4}>
          <Badge variant="light" tt="none">
            {isolation.kind}
          </Badge>
          <Text size="sm">{t('playground.measuredBy', { name: isolation.measuredBy })}</Text>
        </Group>
        <Text size="sm" c="dimmed">
          {t(`playground.isolations.${isolation.kind}`)}
        </Text>
        {isolation.hardening === undefined ? null : (
          <Text size="sm" mt={4}>
            {t('playground.hardening', { names: isolation.hardening.map((name) => t(`playground.hardenings.${name}`)).join(', ') })}
          </Text>
        )}
      </section>
      <section>
        <Title order={3} mb={4}>
          {t('playground.facts')}
        </Title>
        <ScrollingTable label={t('playground.facts')} minWidth={420}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t('playground.fact')}</Table.Th>
              <Table.Th>{t('playground.observer')}</Table.Th>
              <Table.Th>{t('words.details')}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {evidence.map((fact, index) => (
              <Table.Tr key={index}>
                <Table.Td>{t(`playground.factKinds.${fact.kind}`)}</Table.Td>
                <Table.Td>{t(`playground.observers.${fact.observer}`)}</Table.Td>
                <Table.Td className="wrapped-text">{detailsOf(fact)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </ScrollingTable>
      </section>
    </Stack>
  );
}

function detailsOf(fact: ProgramResult['evidence'][number]): string {
  return Object.entries(fact)
    .filter(([name, value]) => name !== 'kind' && name !== 'observer' && value !== undefined)
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(', ') : String(value)}`)
    .join(' · ');
}
