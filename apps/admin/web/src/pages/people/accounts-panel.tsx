import { Badge, Button, Group, Menu, Table, Text } from '@mantine/core';
import { IconChevronDown, IconUserPlus } from '@tabler/icons-react';
import type { Account, BodyOf } from '@sandport/admin-api';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { callApi } from '../../api/api.ts';
import { useApiQuery } from '../../api/queries.ts';
import { Panel } from '../../components/panel.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { say } from '../../components/say.ts';
import { ScrollingTable } from '../../components/scrolling-table.tsx';
import { sayAge } from '../../format/moment.ts';
import { useAccount } from '../../session/use-session.ts';
import { ConfirmDialog } from './confirm-dialog.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { RoleSelect } from './role-select.tsx';
import { ShownOnceDialog, type Once } from './shown-once.tsx';
import { useChange } from './use-change.ts';

type AccountChange = BodyOf<'changeAccount'>;

interface Question {
  readonly account: Account;
  readonly about: 'remove' | 'reset' | 'disable';
}

/** People and what they may do. */
export function AccountsPanel(): ReactNode {
  const { t } = useTranslation();
  const accounts = useApiQuery('listAccounts', {});
  const [isInviting, setIsInviting] = useState(false);
  const [once, setOnce] = useState<Once | null>(null);
  const [question, setQuestion] = useState<Question | null>(null);
  const change = useChange('listAccounts', ({ account, body }: { readonly account: Account; readonly body: AccountChange }) =>
    callApi('changeAccount', { params: { account: account.id }, body }),
  );
  const remove = useChange('listAccounts', (account: Account) => callApi('removeAccount', { params: { account: account.id } }));
  const changeNow = (account: Account, body: AccountChange): void =>
    change.mutate({ account, body }, { onError: (error) => say.problem(error) });

  /** The link that whoever was invited, or lost a password, is to get. */
  const showLink = (name: string, link: string): void =>
    setOnce({ title: t('people.linkFor', { name }), label: t('people.link'), text: link, help: t('people.linkHelp') });
  const confirm = async ({ account, about }: Question): Promise<void> => {
    if (about === 'remove') return remove.mutateAsync(account);
    const { invitation } = await change.mutateAsync({ account, body: about === 'reset' ? { resetPassword: true } : { isDisabled: true } });
    if (invitation !== undefined) showLink(account.name, invitation.link);
  };

  return (
    <Panel
      title={t('people.accounts')}
      help={t('people.accountsHelp')}
      actions={
        <Button leftSection={<IconUserPlus size={18} aria-hidden />} onClick={() => setIsInviting(true)}>
          {t('people.invite')}
        </Button>
      }
    >
      <QueryState query={accounts}>
        {({ accounts: all }) => (
          <ScrollingTable label={t('people.accounts')} minWidth={640} verticalSpacing="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('people.name')}</Table.Th>
                <Table.Th>{t('people.role')}</Table.Th>
                <Table.Th>{t('people.signsInBy')}</Table.Th>
                <Table.Th>{t('people.lastSignIn')}</Table.Th>
                <Table.Th>{t('people.acts')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {all.map((account) => (
                <AccountRow key={account.id} account={account} isBusy={change.isPending} onChange={changeNow} onAsk={setQuestion} />
              ))}
            </Table.Tbody>
          </ScrollingTable>
        )}
      </QueryState>
      {isInviting ? (
        <InviteDialog
          onClose={() => setIsInviting(false)}
          onInvited={({ account, link }) => {
            setIsInviting(false);
            showLink(account.name, link);
          }}
        />
      ) : null}
      {question === null ? null : (
        <ConfirmDialog
          title={t(`people.confirm.${question.about}.title`, { name: question.account.name })}
          text={t(`people.confirm.${question.about}.text`, { name: question.account.name })}
          act={t(`people.confirm.${question.about}.act`)}
          onConfirm={() => confirm(question)}
          onClose={() => setQuestion(null)}
        />
      )}
      {once === null ? null : <ShownOnceDialog once={once} onClose={() => setOnce(null)} />}
    </Panel>
  );
}

function AccountRow({
  account,
  isBusy,
  onChange,
  onAsk,
}: {
  readonly account: Account;
  readonly isBusy: boolean;
  readonly onChange: (account: Account, body: AccountChange) => void;
  readonly onAsk: (question: Question) => void;
}): ReactNode {
  const { t } = useTranslation();
  const isOwn = useAccount().id === account.id;
  const { name, role, isDisabled, signsInBy, lastSignInAtMs } = account;
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap="xs">
          <Text className="wrapped-text">{name}</Text>
          {isOwn ? (
            <Badge variant="light" tt="none">
              {t('people.you')}
            </Badge>
          ) : null}
          {isDisabled ? (
            <Badge variant="light" color="gray" tt="none">
              {t('people.disabled')}
            </Badge>
          ) : null}
        </Group>
      </Table.Td>
      <Table.Td>
        <RoleSelect
          label={t('people.roleOf', { name })}
          isLabelHidden
          value={role}
          onChange={(next) => onChange(account, { role: next })}
          disabled={isOwn || isBusy}
        />
      </Table.Td>
      <Table.Td>{t(`people.ways.${signsInBy}`)}</Table.Td>
      <Table.Td>{lastSignInAtMs === null ? t('people.never') : sayAge(lastSignInAtMs)}</Table.Td>
      <Table.Td>
        {isOwn ? (
          <Text size="sm" c="dimmed">
            {t('people.ownAccount')}
          </Text>
        ) : (
          <Menu>
            <Menu.Target>
              <Button
                size="xs"
                variant="default"
                rightSection={<IconChevronDown size={14} aria-hidden />}
                aria-label={t('people.actsFor', { name })}
              >
                {t('people.acts')}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {signsInBy === 'openid' ? null : (
                <Menu.Item onClick={() => onAsk({ account, about: 'reset' })}>{t('people.reset')}</Menu.Item>
              )}
              {isDisabled ? (
                <Menu.Item onClick={() => onChange(account, { isDisabled: false })}>{t('people.enable')}</Menu.Item>
              ) : (
                <Menu.Item onClick={() => onAsk({ account, about: 'disable' })}>{t('people.disable')}</Menu.Item>
              )}
              <Menu.Item color="red" onClick={() => onAsk({ account, about: 'remove' })}>
                {t('people.remove')}
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
