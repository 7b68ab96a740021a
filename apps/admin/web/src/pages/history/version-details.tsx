import { Anchor, Code, Group, Stack, Text, Title } from '@mantine/core';
import type { VersionView } from '@sandport/admin-api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useApiQuery } from '../../api/queries.ts';
import { Dialog } from '../../components/dialog.tsx';
import { FindingsList } from '../../components/findings-list.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { sayMoment } from '../../format/moment.ts';

/** Everything that a version has, without secrets. */
export function VersionDetails({ number, onClose }: { readonly number: number; readonly onClose: () => void }): ReactNode {
  const { t } = useTranslation();
  const version = useApiQuery('readVersion', { params: { version: number } });
  return (
    <Dialog title={t('history.detailsOf', { number })} size="xl" onClose={onClose}>
      <QueryState query={version}>{(view) => <VersionContentView view={view} />}</QueryState>
    </Dialog>
  );
}

function VersionContentView({ view }: { readonly view: VersionView }): ReactNode {
  const { t } = useTranslation();
  const { record } = view;
  return (
    <Stack gap="md">
      <Text size="sm" className="wrapped-text">
        {record.reason}
      </Text>
      <Text size="sm" c="dimmed">
        {record.author} · {sayMoment(record.createdAtMs)} · {t(`providers.versionStates.${record.state}`)}
        {record.parent === null ? '' : ` · ${t('history.madeFrom', { parent: record.parent })}`}
      </Text>
      <FindingsList findings={view.findings} />
      <Stack gap={2}>
        <Text size="sm">
          {t('history.provider')}: {view.providerType ?? t('words.none')}
        </Text>
        <Text size="sm">
          {t('history.fallback')}: {view.fallback.length === 0 ? t('words.none') : view.fallback.join(' → ')}
        </Text>
      </Stack>
      {view.policy === null ? null : <StoredDocument title={t('history.policy')} document={view.policy} />}
      <Title order={3}>{t('history.stored')}</Title>
      {Object.entries(view.providers).map(([id, stored]) => (
        <StoredDocument key={id} title={id} document={stored.config}>
          {Object.keys(stored.secrets).length === 0 ? null : (
            <Text size="xs" c="dimmed">
              {t('history.secrets', { names: Object.keys(stored.secrets).join(', ') })}
            </Text>
          )}
          {record.state === 'draft' ? (
            <Anchor component={Link} to={`/sandbox-settings/${encodeURIComponent(id)}?draft=${record.number}`} size="sm">
              {t('history.openDraft', { provider: id })}
            </Anchor>
          ) : null}
        </StoredDocument>
      ))}
    </Stack>
  );
}

function StoredDocument({
  title,
  document,
  children,
}: {
  readonly title: string;
  readonly document: unknown;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <Stack gap={4}>
      <Group gap="sm">
        <Text size="sm" fw={600}>
          {title}
        </Text>
        {children}
      </Group>
      <Code block className="program-text" tabIndex={0}>
        {JSON.stringify(document, undefined, 2)}
      </Code>
    </Stack>
  );
}
