import { Alert, Anchor, Button, Stack } from '@mantine/core';
import { IconLinkOff } from '@tabler/icons-react';
import type { SessionAnswer } from '@sandport/admin-api';
import { useState, type SubmitEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { ProblemAlert } from '../../components/problem-alert.tsx';
import { isUsable, NewPasswordFields, type NewPassword } from '../../session/new-password.tsx';
import { sessionKeeper } from '../../session/session-keeper.ts';
import { Entrance } from './entrance.tsx';

interface LinkEntranceProps {
  readonly title: string;
  readonly help: string;
  readonly action: string;
  /** From the link; empty when it has none. */
  readonly secret: string;
  /** Fields above the password. */
  readonly children?: ReactNode;
  /** Whether those fields can be sent. */
  readonly isComplete?: boolean;
  readonly isTried: boolean;
  readonly onTry: () => void;
  readonly send: (password: string) => Promise<SessionAnswer>;
}

/** A page that a one-time link leads to: it sets a password and begins a session. */
export function LinkEntrance({
  title,
  help,
  action,
  secret,
  children,
  isComplete = true,
  isTried,
  onTry,
  send,
}: LinkEntranceProps): ReactNode {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [password, setPassword] = useState<NewPassword>({ first: '', second: '' });
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>();

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    onTry();
    if (!isComplete || !isUsable(password)) return;
    setIsBusy(true);
    setProblem(undefined);
    try {
      sessionKeeper.accept(await send(password.first));
      await navigate('/', { replace: true });
    } catch (error) {
      setProblem(error);
      setIsBusy(false);
    }
  };

  return (
    <Entrance title={title} help={help}>
      {secret === '' ? (
        <Alert color="yellow" icon={<IconLinkOff aria-hidden />} title={t('session.linkIncomplete')}>
          {t('session.linkIncompleteHelp')}
        </Alert>
      ) : (
        <form onSubmit={(event) => void submit(event)} noValidate>
          <Stack>
            {problem === undefined ? null : <ProblemAlert error={problem} />}
            {children}
            <NewPasswordFields value={password} onChange={setPassword} isTried={isTried} />
            <Button type="submit" loading={isBusy}>
              {action}
            </Button>
          </Stack>
        </form>
      )}
      <Anchor href="/admin/" size="sm" ta="center">
        {t('session.signIn')}
      </Anchor>
    </Entrance>
  );
}
