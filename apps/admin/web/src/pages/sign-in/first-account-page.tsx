import { Alert, Anchor, TextInput } from '@mantine/core';
import { IconInfoCircle } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { callApi } from '../../api/api.ts';
import { useSession } from '../../session/use-session.ts';
import { Entrance } from './entrance.tsx';
import { LinkEntrance } from './link-entrance.tsx';
import { useLinkSecret } from './use-link-secret.ts';

/** Makes the first account, with the link that was printed at the first start. */
export function FirstAccountPage(): ReactNode {
  const { t } = useTranslation();
  const { answer } = useSession();
  const secret = useLinkSecret();
  const [name, setName] = useState('');
  const [isTried, setIsTried] = useState(false);
  if (answer?.needsFirstAccount === false) {
    return (
      <Entrance title={t('session.firstAccountTitle')}>
        <Alert icon={<IconInfoCircle aria-hidden />} title={t('session.firstAccountDone')}>
          {t('session.firstAccountDoneHelp')}
        </Alert>
        <Anchor href="/admin/" size="sm" ta="center">
          {t('session.signIn')}
        </Anchor>
      </Entrance>
    );
  }
  return (
    <LinkEntrance
      title={t('session.firstAccountTitle')}
      help={t('session.firstAccountHelp')}
      action={t('session.createAccount')}
      secret={secret}
      isComplete={name.trim() !== ''}
      isTried={isTried}
      onTry={() => setIsTried(true)}
      send={(password) => callApi('createFirstAccount', { body: { secret, name: name.trim(), password } })}
    >
      <TextInput
        label={t('session.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        autoComplete="username"
        required
        autoFocus
        maxLength={128}
        error={isTried && name.trim() === '' ? t('session.nameMissing') : undefined}
      />
    </LinkEntrance>
  );
}
