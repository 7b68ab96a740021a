import { Alert, Anchor, Button, Divider, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { ROUTES, type SessionAnswer } from '@sandport/admin-api';
import { useState, type SubmitEvent, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { toApiProblem, type ApiProblem } from '../api/api-problem.ts';
import { callApi } from '../api/api.ts';
import { ProblemAlert } from '../components/problem-alert.tsx';

interface SignInFormProps {
  /** The one who has to sign in again; nobody else may. */
  readonly onlyName: string;
  readonly openIdName: string | null;
  readonly onSignedIn: (answer: SessionAnswer) => void;
}

/** Asks for the password again, or leads to the OpenID Connect provider in another tab. */
export function SignInForm({ onlyName, openIdName, onSignedIn }: SignInFormProps): ReactNode {
  const { t } = useTranslation();
  const [password, setPassword] = useState('');
  const [isTried, setIsTried] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();

  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    setIsTried(true);
    if (password === '') return;
    setIsBusy(true);
    setProblem(undefined);
    try {
      onSignedIn(await callApi('signIn', { body: { name: onlyName, password } }));
    } catch (error) {
      setProblem(toApiProblem(error));
    } finally {
      setIsBusy(false);
    }
  };

  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack>
        {problem === undefined ? null : <SignInProblem problem={problem} />}
        <TextInput label={t('session.name')} value={onlyName} readOnly autoComplete="username" required />
        <PasswordInput
          label={t('session.password')}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
          data-autofocus
          error={isTried && password === '' ? t('session.passwordMissing') : undefined}
        />
        <Button type="submit" loading={isBusy} fullWidth>
          {t('session.signIn')}
        </Button>
        {openIdName === null ? null : <OpenIdButton name={openIdName} />}
      </Stack>
    </form>
  );
}

function SignInProblem({ problem }: { readonly problem: ApiProblem }): ReactNode {
  const { t } = useTranslation();
  if (problem.status !== 401) return <ProblemAlert error={problem} />;
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title={t('session.refused')}>
      {t('session.refusedHelp')}
    </Alert>
  );
}

function OpenIdButton({ name }: { readonly name: string }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Divider label={t('session.or')} />
      <Button component="a" href={ROUTES.beginOpenIdSignIn.path} variant="default" fullWidth target="_blank" rel="noopener">
        {t('session.openIdNewTab', { name })}
      </Button>
    </>
  );
}

/** A link that leaves everything behind and begins anew. */
export function LeavePageLink(): ReactNode {
  const { t } = useTranslation();
  return (
    <Anchor href="/admin/" size="sm" ta="center">
      {t('session.somebodyElse')}
    </Anchor>
  );
}
