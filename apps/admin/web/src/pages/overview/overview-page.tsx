import { useTranslation } from 'react-i18next';
import { PageHeading } from '../../components/page-heading.tsx';

export function OverviewPage(): React.ReactNode {
  const { t } = useTranslation();
  return <PageHeading title={t('overview.title')} />;
}
