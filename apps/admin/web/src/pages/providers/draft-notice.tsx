import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconPencil } from '@tabler/icons-react';
import type { ProviderCard } from '@sandport/admin-api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { FindingsList } from '../../components/findings-list.tsx';
import { sayAge } from '../../format/moment.ts';
import { useAccount } from '../../session/use-session.ts';
import type { DraftGround } from './acts/take-over.ts';

/** Tells which version the form shows, where that is not plain. */
export function DraftNotice({
  card,
  ground,
  onShowDraft,
}: {
  readonly card: ProviderCard;
  readonly ground: DraftGround | undefined;
  readonly onShowDraft: (number: number | undefined) => void;
}): ReactNode {
  const { t } = useTranslation();
  const account = useAccount();
  if (ground === undefined) {
    const { draft } = card;
    if (draft === null) return null;
    return (
      <Alert icon={<IconPencil aria-hidden />} title={t('providers.drafts.exists', { number: draft })}>
        <Button size="xs" variant="default" onClick={() => onShowDraft(draft)}>
          {t('providers.drafts.open')}
        </Button>
      </Alert>
    );
  }
  const { record, findings } = ground.draft;
  const facts = { number: record.number, author: record.author, age: sayAge(record.createdAtMs), reason: record.reason };
  return (
    <>
      <Alert icon={<IconPencil aria-hidden />}>
        <Stack gap="xs">
          <Text size="sm" className="wrapped-text">
            {t('providers.drafts.editing', facts)}
          </Text>
          {record.state === 'draft' ? null : (
            <Text size="sm">{t('providers.drafts.done', { state: t(`providers.versionStates.${record.state}`) })}</Text>
          )}
          {record.author === account.name ? null : <Text size="sm">{t('providers.drafts.foreign', { author: record.author })}</Text>}
          <Group>
            <Button size="xs" variant="default" onClick={() => onShowDraft(undefined)}>
              {t('providers.drafts.toVersionInUse')}
            </Button>
          </Group>
        </Stack>
      </Alert>
      <FindingsList findings={findings} />
    </>
  );
}
