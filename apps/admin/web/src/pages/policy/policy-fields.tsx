import { Checkbox, Fieldset, Group, NumberInput, Select, Stack, Switch, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { readingOf, unitSign } from '../providers/form/field-reading.ts';
import { POLICY_LIMITS, withLimit, withMember, type Policy } from './policy-form.ts';

const ISOLATIONS = ['runc', 'wasm', 'gvisor'] as const;
const LANGUAGES = ['python', 'javascript'] as const;

interface PolicyFieldsProps {
  readonly policy: Policy;
  /** Names of numbers that cannot be taken. */
  readonly bad: readonly string[];
  readonly isReadOnly: boolean;
  readonly onChange: (policy: Policy) => void;
}

/** The members of the policy. */
export function PolicyFields({ policy, bad, isReadOnly, onChange }: PolicyFieldsProps): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      <Select
        label={t('policy.minimumIsolation')}
        description={t('policy.minimumIsolationHelp')}
        data={ISOLATIONS.map((value) => ({ value, label: t(`policy.isolations.${value}`) }))}
        value={policy.minimumIsolation ?? null}
        onChange={(value) =>
          onChange(
            withMember(
              policy,
              'minimumIsolation',
              ISOLATIONS.find((each) => each === value),
            ),
          )
        }
        placeholder={t('policy.anyIsolation')}
        readOnly={isReadOnly}
        clearable={!isReadOnly}
        clearButtonProps={{ 'aria-label': t('policy.anyIsolation') }}
        maw="26rem"
      />
      <Switch
        label={t('policy.trustRemoteIsolation')}
        description={t('policy.trustRemoteIsolationHelp')}
        checked={policy.trustRemoteIsolation}
        disabled={isReadOnly}
        onChange={(event) => onChange({ ...policy, trustRemoteIsolation: event.currentTarget.checked })}
      />
      <Switch
        label={t('policy.allowNetwork')}
        description={t('policy.allowNetworkHelp')}
        checked={policy.allowNetwork}
        disabled={isReadOnly}
        onChange={(event) => onChange({ ...policy, allowNetwork: event.currentTarget.checked })}
      />
      <Checkbox.Group
        label={t('policy.languages')}
        description={t('policy.languagesHelp')}
        value={policy.languages ?? []}
        onChange={(chosen) => {
          const languages = LANGUAGES.filter((language) => chosen.includes(language));
          onChange(withMember(policy, 'languages', languages.length === 0 ? undefined : languages));
        }}
      >
        <Group gap="md" mt="xs">
          {LANGUAGES.map((language) => (
            <Checkbox key={language} value={language} label={t(`words.languages.${language}`)} disabled={isReadOnly} />
          ))}
        </Group>
      </Checkbox.Group>
      <PolicyNumber
        label={t('policy.maxPassportAgeHours')}
        help={t('policy.maxPassportAgeHoursHelp')}
        unit="hours"
        value={policy.maxPassportAgeHours}
        isBad={bad.includes('maxPassportAgeHours')}
        isReadOnly={isReadOnly}
        onChange={(value) => onChange(withMember(policy, 'maxPassportAgeHours', value))}
      />
      <PolicyLimits policy={policy} bad={bad} isReadOnly={isReadOnly} onChange={onChange} />
    </>
  );
}

function PolicyLimits({ policy, bad, isReadOnly, onChange }: PolicyFieldsProps): ReactNode {
  const { t } = useTranslation();
  return (
    <Fieldset legend={t('policy.maxima')} className="raised">
      <Stack gap="md">
        <Text size="xs" c="dimmed">
          {t('policy.maximaHelp')}
        </Text>
        {POLICY_LIMITS.map(({ name, unit }) => (
          <PolicyNumber
            key={name}
            label={t(`policy.limits.${name}`)}
            unit={unit}
            value={policy.maxima[name]}
            isBad={bad.includes(name)}
            isReadOnly={isReadOnly}
            onChange={(value) => onChange(withLimit(policy, name, value))}
          />
        ))}
      </Stack>
    </Fieldset>
  );
}

interface PolicyNumberProps {
  readonly label: string;
  readonly help?: string;
  readonly unit: 'ms' | 'bytes' | 'hours' | null;
  readonly value: number | undefined;
  readonly isBad: boolean;
  readonly isReadOnly: boolean;
  readonly onChange: (value: number | undefined) => void;
}

function PolicyNumber({ label, help, unit, value, isBad, isReadOnly, onChange }: PolicyNumberProps): ReactNode {
  const { t } = useTranslation();
  const reading = value === undefined ? undefined : readingOf(value, unit);
  const sign = unitSign(unit);
  return (
    <NumberInput
      label={label}
      description={help}
      value={value ?? ''}
      onChange={(next) => onChange(next === '' ? undefined : Number(next))}
      readOnly={isReadOnly}
      error={isBad ? t('policy.positive') : undefined}
      thousandSeparator=" "
      suffix={sign === '' ? '' : ` ${sign}`}
      hideControls
      clampBehavior="none"
      inputContainer={(input) => (
        <Group gap="sm">
          <div style={{ flex: '1 1 10rem', maxWidth: '14rem' }}>{input}</div>
          {reading === undefined ? null : (
            <Text size="sm" c="dimmed">
              {t('form.equals', { reading })}
            </Text>
          )}
        </Group>
      )}
    />
  );
}
