import { Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { PageHeading } from '../../components/page-heading.tsx';
import { ForRole } from '../../components/role-hint.tsx';
import { AccountsPanel } from './accounts-panel.tsx';
import { TokensPanel } from './tokens-panel.tsx';

/** Who may enter: people, and programs with tokens. */
export function PeoplePage(): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <PageHeading title={t('people.title')} help={t('people.help')} />
      <ForRole role="admin">
        <Stack gap="lg">
          <AccountsPanel />
          <TokensPanel />
        </Stack>
      </ForRole>
    </>
  );
}
