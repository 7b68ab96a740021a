import { Anchor, Group, Paper, Stack, Text, Title } from '@mantine/core';
import type { ProviderCard } from '@sandport/admin-api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { providerDescription, providerName, tagName } from '../../i18n/provider-words.ts';
import { useMay } from '../../session/use-session.ts';
import { ProviderBadges } from './provider-badges.tsx';

/** A provider among the others. */
export function ProviderCardView({ card }: { readonly card: ProviderCard }): ReactNode {
  const { t } = useTranslation();
  const mayChange = useMay('operator') && card.isCarried;
  const name = providerName(card);
  const languages = card.languages.map((language) => t(`words.languages.${language}`));
  return (
    <Paper
      component="li"
      withBorder
      p="lg"
      className="raised"
      style={card.isActive ? { borderInlineStart: '4px solid var(--mantine-color-green-7)' } : {}}
    >
      <Stack gap="sm" h="100%">
        <Stack gap={4}>
          <Title order={2} fz="1.05rem">
            {name}
          </Title>
          <ProviderBadges card={card} />
        </Stack>
        <Text size="sm">{providerDescription(card)}</Text>
        <Text size="xs" c="dimmed">
          {[...languages, ...card.tags.map((tag) => tagName(tag))].join(' · ')}
        </Text>
        {card.problem === null ? null : (
          <Text size="sm" c="var(--mantine-color-error)" className="wrapped-text">
            {card.problem}
          </Text>
        )}
        <Group mt="auto">
          <Anchor component={Link} to={`/sandbox-settings/${encodeURIComponent(card.id)}`} size="sm" fw={500}>
            {mayChange ? t('providers.configure', { name }) : t('providers.look', { name })}
          </Anchor>
        </Group>
      </Stack>
    </Paper>
  );
}
