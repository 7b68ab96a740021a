import { Anchor, Text } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useApiQuery } from '../../api/queries.ts';
import { PageHeading } from '../../components/page-heading.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { PolicyEditor } from './policy-editor.tsx';

/** The policy: what every configuration and every call must keep to. */
export function PolicyPage(): ReactNode {
  const { t } = useTranslation();
  const installation = useApiQuery('readInstallation', {});
  return (
    <>
      <Anchor component={Link} to="/sandbox-settings" size="sm" mb="xs" display="inline-block">
        <IconArrowLeft size={14} aria-hidden style={{ verticalAlign: '-2px' }} /> {t('providers.allProviders')}
      </Anchor>
      <PageHeading title={t('policy.title')} help={t('policy.help')} />
      <QueryState query={installation}>
        {(answer) => (
          <>
            {answer.policy === null ? <Text mb="md">{t('policy.none')}</Text> : null}
            <PolicyEditor key={answer.version} installation={answer} />
          </>
        )}
      </QueryState>
    </>
  );
}
