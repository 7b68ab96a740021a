import { PasswordInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** As the server's rule for new passwords has it. */
const LEAST_LENGTH = 12;
const MOST_LENGTH = 256;

/** A new password, typed twice. */
export interface NewPassword {
  readonly first: string;
  readonly second: string;
}

/** Whether a new password can be sent. */
export function isUsable({ first, second }: NewPassword): boolean {
  return first.length >= LEAST_LENGTH && first === second;
}

/** Two fields for a new password. */
export function NewPasswordFields({
  value,
  onChange,
  isTried,
}: {
  readonly value: NewPassword;
  readonly onChange: (value: NewPassword) => void;
  /** Whether it was tried to send it: before, nobody is told that something is missing. */
  readonly isTried: boolean;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <PasswordInput
        label={t('session.newPassword')}
        description={t('session.passwordHelp')}
        value={value.first}
        onChange={(event) => onChange({ ...value, first: event.currentTarget.value })}
        autoComplete="new-password"
        required
        maxLength={MOST_LENGTH}
        error={isTried && value.first.length < LEAST_LENGTH ? t('session.passwordTooShort') : undefined}
      />
      <PasswordInput
        label={t('session.repeatPassword')}
        value={value.second}
        onChange={(event) => onChange({ ...value, second: event.currentTarget.value })}
        autoComplete="new-password"
        required
        maxLength={MOST_LENGTH}
        error={isTried && value.first !== value.second ? t('session.passwordsDiffer') : undefined}
      />
    </>
  );
}
