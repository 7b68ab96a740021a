import { Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Dialog } from '../components/dialog.tsx';
import { sessionKeeper } from './session-keeper.ts';
import { LeavePageLink, SignInForm } from './sign-in-form.tsx';
import { useSession } from './use-session.ts';

/** Asks for a new session over a page that stays as it is. It cannot be closed: whatever is asked for waits for it. */
export function SignInAgain(): ReactNode {
  const { t } = useTranslation();
  const { answer } = useSession();
  const account = answer?.account;
  if (answer === undefined || account === undefined || account === null) return null;
  return (
    <Dialog title={t('session.expiredTitle')} size="md" isAbove>
      <Text size="sm">{t('session.expiredHelp')}</Text>
      <SignInForm onlyName={account.name} openIdName={answer.openIdName} onSignedIn={(next) => sessionKeeper.accept(next)} />
      <LeavePageLink />
    </Dialog>
  );
}
