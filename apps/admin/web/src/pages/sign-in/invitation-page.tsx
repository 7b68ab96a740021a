import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { callApi } from '../../api/api.ts';
import { LinkEntrance } from './link-entrance.tsx';
import { useLinkSecret } from './use-link-secret.ts';

/** Where an invitation leads: its owner sets a password. */
export function InvitationPage(): ReactNode {
  const { t } = useTranslation();
  const secret = useLinkSecret();
  const [isTried, setIsTried] = useState(false);
  return (
    <LinkEntrance
      title={t('session.invitationTitle')}
      help={t('session.invitationHelp')}
      action={t('session.setPassword')}
      secret={secret}
      isTried={isTried}
      onTry={() => setIsTried(true)}
      send={(password) => callApi('redeemInvitation', { body: { secret, password } })}
    />
  );
}
