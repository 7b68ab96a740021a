import { Alert } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sessionKeeper } from '../../session/session-keeper.ts';
import { SignInForm } from '../../session/sign-in-form.tsx';
import { useSession } from '../../session/use-session.ts';
import { Entrance } from './entrance.tsx';

/** Where everybody comes who is not signed in. The address stays, so that sign-in leads to the page that was asked for. */
export function SignInPage(): ReactNode {
  const { t } = useTranslation();
  const { answer } = useSession();
  return (
    <Entrance title={t('session.signInTitle')}>
      {answer?.needsFirstAccount === true ? (
        <Alert icon={<IconInfoCircle aria-hidden />} title={t('session.firstAccountNeeded')}>
          {t('session.firstAccountNeededHelp')}
        </Alert>
      ) : null}
      <SignInForm openIdName={answer?.openIdName ?? null} onSignedIn={(next) => sessionKeeper.accept(next)} />
    </Entrance>
  );
}
