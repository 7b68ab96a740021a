import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'react-router';
import { EmptyState } from '../components/empty-state.tsx';
import { PageHeading } from '../components/page-heading.tsx';

/** For addresses that no page has. */
export function PageNotFound(): ReactNode {
  const { t } = useTranslation();
  const { pathname } = useLocation();
  return (
    <>
      <PageHeading title={t('shell.notFound')} />
      <EmptyState icon={<IconMapOff />} title={pathname} help={t('shell.notFoundHelp')}>
        <Button component={Link} to="/sandbox-settings" variant="default">
          {t('shell.toProviders')}
        </Button>
      </EmptyState>
    </>
  );
}
