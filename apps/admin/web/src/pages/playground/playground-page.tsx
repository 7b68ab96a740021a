import { useTranslation } from 'react-i18next';
import { PageHeading } from '../../components/page-heading.tsx';

export function PlaygroundPage(): React.ReactNode {
  const { t } = useTranslation();
  return <PageHeading title={t('playground.title')} />;
}
