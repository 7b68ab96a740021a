import { useTranslation } from 'react-i18next';
import { PageHeading } from '../../components/page-heading.tsx';

export function PeoplePage(): React.ReactNode {
  const { t } = useTranslation();
  return <PageHeading title={t('people.title')} />;
}
