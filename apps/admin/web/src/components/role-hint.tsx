import type { Role } from '@sandport/admin-api';
import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay } from '../session/use-session.ts';

/** Shows what a role may do, and tells everybody else who may. */
export function ForRole({ role, children }: { readonly role: Role; readonly children: ReactNode }): ReactNode {
  const { t } = useTranslation();
  const may = useMay(role);
  if (may) return children;
  return (
    <Text size="sm" c="dimmed">
      {t('states.mayNot', { role: t(`shell.roles.${role}`) })}
    </Text>
  );
}
