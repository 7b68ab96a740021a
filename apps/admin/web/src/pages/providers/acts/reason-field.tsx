import { Textarea } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

const LONGEST_REASON = 4000;

/** Asks why something is done. */
export function ReasonField({
  value,
  onChange,
  isTried,
  label,
  help,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** Whether it was tried to go on. */
  readonly isTried: boolean;
  readonly label?: string;
  readonly help?: string;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Textarea
      label={label ?? t('acts.reasonLabel')}
      description={help ?? t('acts.reasonHelp')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      required
      autosize
      minRows={2}
      maxRows={6}
      maxLength={LONGEST_REASON}
      data-autofocus
      error={isTried && value.trim() === '' ? t('acts.reasonMissing') : undefined}
    />
  );
}
