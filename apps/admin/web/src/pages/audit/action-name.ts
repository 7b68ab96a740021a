import { useTranslation } from 'react-i18next';
import type { en } from '../../i18n/en.ts';
import { i18n } from '../../i18n/i18n.ts';

type KnownAction = keyof typeof en.audit.actions;

/** What an action is called. One that the page does not know keeps its own name. */
export function useActionName(): (action: string) => string {
  const { t } = useTranslation();
  return (action) => (isKnown(action) ? t(`audit.actions.${action}`) : action);
}

function isKnown(action: string): action is KnownAction {
  return /^[a-z-]+$/.test(action) && i18n.exists(`audit.actions.${action}`);
}
