import { useTranslation } from 'react-i18next';
import { PageHeading } from '../../components/page-heading.tsx';

export function ComparisonPage(): React.ReactNode {
  const { t } = useTranslation();
  return <PageHeading title={t('comparison.title')} />;
}
