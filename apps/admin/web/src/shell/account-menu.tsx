import { Button, Menu, Text } from '@mantine/core';
import { IconKey, IconLogout, IconUserCircle } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { callApi } from '../api/api.ts';
import { say } from '../components/say.ts';
import { sessionKeeper } from '../session/session-keeper.ts';
import { useAccount } from '../session/use-session.ts';

const ChangePasswordDialog = lazy(async () => ({ default: (await import('../session/change-password-dialog.tsx')).ChangePasswordDialog }));

/** Who is signed in, and the way out. */
export function AccountMenu(): ReactNode {
  const { t } = useTranslation();
  const account = useAccount();
  const queries = useQueryClient();
  const [isChanging, setIsChanging] = useState(false);

  const signOut = async (): Promise<void> => {
    try {
      await callApi('signOut', {});
      // Nothing that one person has read, or begun to type, is left for the next one.
      sessionStorage.clear();
      queries.clear();
      sessionKeeper.leave();
    } catch (error) {
      say.problem(error);
    }
  };

  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button
            variant="subtle"
            color="gray"
            px="xs"
            aria-label={t('shell.account', { name: account.name })}
            leftSection={<IconUserCircle size={20} aria-hidden />}
          >
            <Text component="span" size="sm" truncate maw="9rem" visibleFrom="xs">
              {account.name}
            </Text>
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label className="wrapped-text">
            {account.name} · {t(`shell.roles.${account.role}`)}
          </Menu.Label>
          {account.signsInBy === 'password' ? (
            <Menu.Item leftSection={<IconKey size={16} aria-hidden />} onClick={() => setIsChanging(true)}>
              {t('shell.changePassword')}
            </Menu.Item>
          ) : null}
          <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
            {t('shell.signOut')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {isChanging ? (
        <Suspense fallback={null}>
          <ChangePasswordDialog onClose={() => setIsChanging(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
