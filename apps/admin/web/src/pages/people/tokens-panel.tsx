import { Badge, Button, Group, Table, Text } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import type { Token } from '@sandport/admin-api';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { callApi } from '../../api/api.ts';
import { useApiQuery } from '../../api/queries.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { ScrollingTable } from '../../components/scrolling-table.tsx';
import { sayAge, sayMoment } from '../../format/moment.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { ShownOnceDialog, type Once } from './shown-once.tsx';
import { TokenDialog } from './token-dialog.tsx';
import { useChange } from './use-change.ts';

/** Tokens by which scripts call the API. */
export function TokensPanel(): ReactNode {
  const { t } = useTranslation();
  const tokens = useApiQuery('listTokens', {});
  const [isMaking, setIsMaking] = useState(false);
  const [once, setOnce] = useState<Once | null>(null);
  const [revoked, setRevoked] = useState<Token | null>(null);
  const revoke = useChange('listTokens', (token: Token) => callApi('revokeToken', { params: { token: token.id } }));
  return (
    <Panel
      title={t('people.tokens')}
      help={t('people.tokensHelp')}
      actions={
        <Button variant="default" leftSection={<IconKey size={18} aria-hidden />} onClick={() => setIsMaking(true)}>
          {t('people.makeToken')}
        </Button>
      }
    >
      <QueryState
        query={tokens}
        isEmpty={({ tokens: all }) => all.length === 0}
        empty={<EmptyState icon={<IconKey />} title={t('people.noTokens')} help={t('people.noTokensHelp')} />}
      >
        {({ tokens: all }) => <TokenTable tokens={all} onRevoke={setRevoked} />}
      </QueryState>
      {isMaking ? (
        <TokenDialog
          onClose={() => setIsMaking(false)}
          onMade={({ token, secret }) => {
            setIsMaking(false);
            setOnce({
              title: t('people.tokenFor', { name: token.name }),
              label: t('people.token'),
              text: secret,
              help: t('people.tokenUse'),
            });
          }}
        />
      ) : null}
      {revoked === null ? null : (
        <ConfirmDialog
          title={t('people.confirm.revoke.title', { name: revoked.name })}
          text={t('people.confirm.revoke.text', { name: revoked.name })}
          act={t('people.confirm.revoke.act')}
          onConfirm={() => revoke.mutateAsync(revoked)}
          onClose={() => setRevoked(null)}
        />
      )}
      {once === null ? null : <ShownOnceDialog once={once} onClose={() => setOnce(null)} />}
    </Panel>
  );
}

function TokenTable({ tokens, onRevoke }: { readonly tokens: readonly Token[]; readonly onRevoke: (token: Token) => void }): ReactNode {
  const { t } = useTranslation();
  return (
    <ScrollingTable label={t('people.tokens')} minWidth={640} verticalSpacing="sm">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('people.name')}</Table.Th>
          <Table.Th>{t('people.role')}</Table.Th>
          <Table.Th>{t('people.made')}</Table.Th>
          <Table.Th>{t('people.ends')}</Table.Th>
          <Table.Th>{t('people.lastUsed')}</Table.Th>
          <Table.Th>{t('people.acts')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {tokens.map((token) => (
          <Table.Tr key={token.id}>
            <Table.Td>
              <Text className="wrapped-text">{token.name}</Text>
            </Table.Td>
            <Table.Td>{t(`shell.roles.${token.role}`)}</Table.Td>
            <Table.Td className="wrapped-text">{t('people.madeBy', { name: token.createdBy, age: sayAge(token.createdAtMs) })}</Table.Td>
            <Table.Td>
              <TokenEnd endsAtMs={token.endsAtMs} />
            </Table.Td>
            <Table.Td>{token.lastUsedAtMs === null ? t('people.never') : sayAge(token.lastUsedAtMs)}</Table.Td>
            <Table.Td>
              <Button
                size="xs"
                variant="default"
                onClick={() => onRevoke(token)}
                aria-label={t('people.revokeNamed', { name: token.name })}
              >
                {t('people.revoke')}
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </ScrollingTable>
  );
}

function TokenEnd({ endsAtMs }: { readonly endsAtMs: number | null }): ReactNode {
  const { t } = useTranslation();
  if (endsAtMs === null) return t('people.neverEnds');
  return (
    <Group gap="xs">
      <Text size="sm">{sayMoment(endsAtMs)}</Text>
      {endsAtMs < Date.now() ? (
        <Badge variant="light" color="gray" tt="none">
          {t('people.ended')}
        </Badge>
      ) : null}
    </Group>
  );
}
