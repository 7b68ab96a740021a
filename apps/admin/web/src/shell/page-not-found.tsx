import { Button } from '@mantine/core';
import { IconMapOff } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { EmptyState } from '../components/empty-state.tsx';

/** For addresses that no page has. */
export function PageNotFound(): ReactNode {
  const { t } = useTranslation();
  return (
    <EmptyState icon={<IconMapOff />} title={t('shell.notFound')} help={t('shell.notFoundHelp')}>
      <Button component={Link} to="/sandbox-settings" variant="default">
        {t('shell.toProviders')}
      </Button>
    </EmptyState>
  );
}
