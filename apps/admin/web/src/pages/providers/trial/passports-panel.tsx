import { Accordion, Badge, Code, Group, Stack, Table, Text } from '@mantine/core';
import { IconCertificate } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiQuery } from '../../../api/queries.ts';
import { EmptyState } from '../../../components/empty-state.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { sayDuration } from '../../../format/duration.ts';
import { sayMoment } from '../../../format/moment.ts';
import { PassportBadge } from '../provider-badges.tsx';
import { PassportFacts } from './passport-result.tsx';
import type { Passport } from './trial-progress.ts';

/** Enough of a digest to tell one from another. */
const SHOWN_DIGEST_LENGTH = 12;

const OUTCOME_COLORS = { passed: 'green', failed: 'red', 'not-applicable': 'gray' } as const;

/** What was found when the provider was tried, the newest first. */
export function PassportsPanel({ providerId }: { readonly providerId: string }): ReactNode {
  const { t } = useTranslation();
  const passports = useApiQuery('listPassports', { query: { provider: providerId } });
  return (
    <QueryState
      query={passports}
      isEmpty={(answer) => answer.passports.length === 0}
      empty={<EmptyState icon={<IconCertificate />} title={t('trial.passportsEmpty')} help={t('trial.passportsEmptyHelp')} />}
    >
      {(answer) => (
        <Accordion multiple variant="contained" className="raised" order={2}>
          {answer.passports.map((passport) => (
            <PassportItem key={`${passport.madeAtMs}/${passport.configDigest}`} passport={passport} />
          ))}
        </Accordion>
      )}
    </QueryState>
  );
}

function PassportItem({ passport }: { readonly passport: Passport }): ReactNode {
  const { t } = useTranslation();
  return (
    <Accordion.Item value={`${passport.madeAtMs}/${passport.configDigest}`}>
      <Accordion.Control>
        <Group gap="sm">
          <PassportBadge passport={passport} />
          <Text size="sm">{sayMoment(passport.madeAtMs)}</Text>
          <Text size="xs" c="dimmed">
            {t('trial.took', { time: sayDuration(passport.durationMs) })} ·{' '}
            {t('trial.passportOf', { digest: passport.configDigest.slice(0, SHOWN_DIGEST_LENGTH) })}
          </Text>
        </Group>
      </Accordion.Control>
      <Accordion.Panel>
        <Stack gap="sm">
          <PassportFacts passport={passport} />
          <Table verticalSpacing={4} aria-label={t('trial.kinds.case')}>
            <Table.Tbody>
              {passport.cases.map((each) => (
                <Table.Tr key={each.id}>
                  <Table.Td w={120}>
                    <Badge variant="light" color={OUTCOME_COLORS[each.outcome]} tt="none">
                      {t(`trial.outcomes.${each.outcome}`)}
                    </Badge>
                  </Table.Td>
                  <Table.Td className="wrapped-text">
                    <Code>{each.id}</Code>
                    {each.message === undefined ? null : (
                      <Text size="xs" c="dimmed">
                        {each.message}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td ta="end">
                    <Text size="xs" c="dimmed">
                      {sayDuration(each.durationMs)}
                    </Text>
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Stack>
      </Accordion.Panel>
    </Accordion.Item>
  );
}
