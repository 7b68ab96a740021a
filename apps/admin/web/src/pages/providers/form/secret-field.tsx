import { Badge, Button, Group, Input, PasswordInput, Stack, Text, Textarea } from '@mantine/core';
import { IconLock, IconLockOpen } from '@tabler/icons-react';
import type { ConfigField } from '@sandport/admin-api';
import type { FieldProps } from '@rjsf/utils';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { SecretChange } from '../editing/form-input.ts';
import { useFieldFrame } from './field-frame.tsx';
import type { FormContext } from './form-context.ts';

/** A secret: it is set, replaced, kept or removed, and never seen. Its value is no part of the form's data. */
export function SecretField({ name, rawErrors, readonly, disabled, registry, fieldPathId }: FieldProps): ReactNode {
  const context = registry.formContext as FormContext;
  const field = context.fields.get(name);
  if (field === undefined) throw new Error(`The form has no field "${name}".`);
  const change = context.secrets[name] ?? { act: 'keep' };
  return (
    <SecretControl
      id={fieldPathId.$id}
      context={context}
      field={field}
      change={change}
      errors={rawErrors}
      isFixed={readonly === true || disabled === true}
      onChange={(next) => context.changeSecret(name, next)}
    />
  );
}

interface SecretControlProps {
  readonly id: string;
  readonly context: FormContext;
  readonly field: ConfigField;
  readonly change: SecretChange;
  readonly errors: readonly string[] | undefined;
  readonly isFixed: boolean;
  readonly onChange: (change: SecretChange) => void;
}

function SecretControl({ id, context, field, change, errors, isFixed, onChange }: SecretControlProps): ReactNode {
  const { t } = useTranslation();
  const { error, ...frame } = useFieldFrame(context.providerId, field, errors);
  const stored = context.storedSecrets[field.name];
  const isStored = stored !== undefined;
  if (change.act === 'replace') {
    const isLong = /pem/i.test(field.help);
    const input = {
      inputContainer: (control: ReactNode) => (
        <Stack gap={6}>
          {control}
          <Group gap="sm">
            <Button size="compact-sm" variant="subtle" onClick={() => onChange({ act: 'keep' })}>
              {isStored ? t('form.secret.keep') : t('form.secret.leaveUnset')}
            </Button>
            <Text size="xs" c="dimmed">
              {t('form.secret.notKept')}
            </Text>
          </Group>
        </Stack>
      ),
      ...frame,
      error,
      id,
      value: change.value,
      placeholder: field.placeholder ?? '',
      autoComplete: 'off',
      spellCheck: false,
      autoFocus: change.value === '',
      onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLTextAreaElement>) =>
        onChange({ act: 'replace', value: event.currentTarget.value }),
    };
    return isLong ? <Textarea {...input} autosize minRows={3} maxRows={12} /> : <PasswordInput {...input} />;
  }
  return (
    <Input.Wrapper {...frame} error={error} labelElement="div" id={id} role="group" aria-label={frame.label} tabIndex={-1}>
      <Stack gap={4}>
        <Group gap="sm">
          <SecretBadge stored={stored} willGo={change.act === 'clear'} />
          {isFixed ? null : (
            <>
              <Button size="compact-sm" variant="default" onClick={() => onChange({ act: 'replace', value: '' })}>
                {isStored ? t('form.secret.replace') : t('form.secret.set')}
              </Button>
              {change.act === 'clear' ? (
                <Button size="compact-sm" variant="subtle" onClick={() => onChange({ act: 'keep' })}>
                  {t('form.secret.keep')}
                </Button>
              ) : null}
              {isStored && change.act === 'keep' && !field.required ? (
                <Button size="compact-sm" variant="subtle" color="red" onClick={() => onChange({ act: 'clear' })}>
                  {t('form.secret.clear')}
                </Button>
              ) : null}
            </>
          )}
        </Group>
        {isStored && field.required && !isFixed ? (
          <Text size="xs" c="dimmed">
            {t('form.secret.cannotClear')}
          </Text>
        ) : null}
        {stored === 'clear' ? (
          <Text size="xs" c="dimmed">
            {t('form.secret.storedClearHelp')}
          </Text>
        ) : null}
      </Stack>
    </Input.Wrapper>
  );
}

function SecretBadge({ stored, willGo }: { readonly stored: 'sealed' | 'clear' | undefined; readonly willGo: boolean }): ReactNode {
  const { t } = useTranslation();
  if (willGo) {
    return (
      <Badge variant="light" color="red" tt="none">
        {t('form.secret.willGo')}
      </Badge>
    );
  }
  if (stored === undefined) {
    return (
      <Badge variant="light" color="gray" tt="none">
        {t('form.secret.unset')}
      </Badge>
    );
  }
  const isSealed = stored === 'sealed';
  const Icon = isSealed ? IconLock : IconLockOpen;
  return (
    <Badge variant="light" color={isSealed ? 'green' : 'orange'} tt="none" leftSection={<Icon size={12} aria-hidden />}>
      {isSealed ? t('form.secret.stored') : t('form.secret.storedClear')}
    </Badge>
  );
}
