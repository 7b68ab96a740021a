import { useTranslation } from 'react-i18next';
import { en } from '../../i18n/en.ts';

type KnownAction = keyof typeof en.audit.actions;

/** What an action is called. One that the page does not know keeps its own name. */
export function useActionName(): (action: string) => string {
  const { t } = useTranslation();
  return (action) => (isKnown(action) ? t(`audit.actions.${action}`) : action);
}

function isKnown(action: string): action is KnownAction {
  return Object.hasOwn(en.audit.actions, action);
}
