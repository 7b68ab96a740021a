import { Button, Group, Paper, Text } from '@mantine/core';
import { IconArrowsDiff, IconDeviceFloppy, IconPlayerPlay, IconPower, IconTrash } from '@tabler/icons-react';
import type { ProviderCard, VersionRecord } from '@sandport/admin-api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ForRole } from '../../components/role-hint.tsx';

/** What can be wanted of a configuration. Each is an act of its own. */
export type WantedAct = 'save' | 'test' | 'compare' | 'activate' | 'discard';

interface ActBarProps {
  readonly card: ProviderCard;
  readonly draft: VersionRecord | undefined;
  /** Whether any version is in use. */
  readonly hasVersion: boolean;
  readonly changedCount: number;
  readonly mayChange: boolean;
  readonly onWant: (act: WantedAct) => void;
  readonly onReset: () => void;
}

/** What can be done: always in sight, where the screen has room for it. */
export function ActBar({ card, draft, hasVersion, changedCount, mayChange, onWant, onReset }: ActBarProps): ReactNode {
  const { t } = useTranslation();
  const isDraft = draft?.state === 'draft';
  const isChanged = changedCount > 0;
  const canBeActive = isDraft || isChanged || (card.isConfigured && !card.isActive);
  return (
    <Paper withBorder p="sm" className="raised act-bar" shadow="sm">
      <Group justify="space-between" gap="sm">
        <Group gap="xs" aria-live="polite">
          <Text size="sm" c="dimmed">
            {isChanged ? t('form.changedCount', { count: changedCount }) : t('form.unchanged')}
          </Text>
          {isChanged && mayChange ? (
            <Button size="compact-sm" variant="subtle" onClick={onReset}>
              {t('form.reset')}
            </Button>
          ) : null}
        </Group>
        <Group gap="xs">
          {isDraft || isChanged ? (
            <Button variant="default" size="sm" leftSection={<IconArrowsDiff size={16} aria-hidden />} onClick={() => onWant('compare')}>
              {t('acts.compare')}
            </Button>
          ) : null}
          {card.isCarried ? (
            <ForRole role="operator">
              {isDraft ? (
                <Button variant="default" size="sm" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => onWant('discard')}>
                  {t('acts.discard')}
                </Button>
              ) : null}
              {isDraft || isChanged || (card.isConfigured && hasVersion) ? (
                <Button variant="default" size="sm" leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => onWant('test')}>
                  {t('acts.test')}
                </Button>
              ) : null}
              {canBeActive ? (
                <Button variant="default" size="sm" leftSection={<IconPower size={16} aria-hidden />} onClick={() => onWant('activate')}>
                  {isDraft || isChanged ? t('acts.activate') : t('acts.makeActive')}
                </Button>
              ) : null}
              <Button
                size="sm"
                leftSection={<IconDeviceFloppy size={16} aria-hidden />}
                onClick={() => onWant('save')}
                disabled={!isChanged && card.isConfigured}
              >
                {t('acts.save')}
              </Button>
            </ForRole>
          ) : null}
        </Group>
      </Group>
    </Paper>
  );
}
