import { Group, NumberInput, Select, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import type { ConfigField } from '@sandport/admin-api';
import type { WidgetProps } from '@rjsf/utils';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { FormContext } from './form-context.ts';
import { useFieldFrame } from './field-frame.tsx';
import { readingOf, unitSign } from './field-reading.ts';
import { optionHelp } from './field-words.ts';

/** What a widget is given by the form library. */
type Widget = WidgetProps<Record<string, unknown>>;

/** A line of text. */
export function TextWidget(props: Widget): ReactNode {
  const { context, field } = fieldOf(props);
  const frame = useFieldFrame(context.providerId, field, props.rawErrors);
  return (
    <TextInput
      {...frame}
      id={props.id}
      value={textOf(props.value)}
      onChange={(event) => props.onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
      onBlur={() => props.onBlur(props.id, props.value)}
      readOnly={isFixed(props)}
      placeholder={field.placeholder}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

/** Text of several lines, such as that of a PEM file. */
export function LongTextWidget(props: Widget): ReactNode {
  const { context, field } = fieldOf(props);
  const frame = useFieldFrame(context.providerId, field, props.rawErrors);
  return (
    <Textarea
      {...frame}
      id={props.id}
      value={textOf(props.value)}
      onChange={(event) => props.onChange(event.currentTarget.value === '' ? undefined : event.currentTarget.value)}
      onBlur={() => props.onBlur(props.id, props.value)}
      readOnly={isFixed(props)}
      placeholder={field.placeholder}
      autosize
      minRows={2}
      maxRows={12}
      spellCheck={false}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
    />
  );
}

/** A number, with its unit, and beside it how people say it. */
export function NumberWidget(props: Widget): ReactNode {
  const { t } = useTranslation();
  const { context, field } = fieldOf(props);
  const frame = useFieldFrame(context.providerId, field, props.rawErrors);
  const value = typeof props.value === 'number' ? props.value : undefined;
  const shown = value ?? (typeof field.default === 'number' ? field.default : undefined);
  const reading = shown === undefined ? undefined : readingOf(shown, field.unit);
  const sign = unitSign(field.unit);
  return (
    <NumberInput
      {...frame}
      id={props.id}
      value={typeof props.value === 'string' || typeof props.value === 'number' ? props.value : ''}
      onChange={(next) => props.onChange(next === '' ? undefined : next)}
      onBlur={() => props.onBlur(props.id, props.value)}
      readOnly={isFixed(props)}
      placeholder={typeof field.default === 'number' ? String(field.default) : field.placeholder}
      allowDecimal={field.type === 'number'}
      clampBehavior="none"
      thousandSeparator=" "
      valueIsNumericString={false}
      suffix={sign === '' ? '' : ` ${sign}`}
      hideControls={field.unit !== null || isFixed(props)}
      inputContainer={(input) => (
        <Group gap="sm" wrap="wrap">
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

/** One of some options, each with what it means. */
export function ChoiceWidget(props: Widget): ReactNode {
  const { t } = useTranslation();
  const { context, field } = fieldOf(props);
  const frame = useFieldFrame(context.providerId, field, props.rawErrors);
  const chosen = typeof props.value === 'string' ? props.value : null;
  const inForce = chosen ?? (typeof field.default === 'string' ? field.default : null);
  const meaning = inForce === null ? undefined : optionHelp(context.providerId, field.name, inForce);
  const placeholder = typeof field.default === 'string' ? t('form.byDefault', { value: field.default }) : t('form.notSet');
  return (
    <Select
      {...frame}
      id={props.id}
      data={[...(field.options ?? [])]}
      value={chosen}
      onChange={(next) => props.onChange(next ?? undefined)}
      onBlur={() => props.onBlur(props.id, props.value)}
      readOnly={isFixed(props)}
      placeholder={placeholder}
      clearable={!field.required && !isFixed(props)}
      clearButtonProps={{ 'aria-label': placeholder }}
      comboboxProps={{ width: 'max-content', position: 'bottom-start' }}
      inputContainer={(input) => (
        <Stack gap={4}>
          <div style={{ maxWidth: '22rem' }}>{input}</div>
          {meaning === undefined ? null : (
            <Text size="xs" c="dimmed">
              {inForce}: {meaning}
            </Text>
          )}
        </Stack>
      )}
      renderOption={({ option }) => (
        <div style={{ maxWidth: 'min(34rem, 80vw)' }}>
          <Text size="sm">{option.label}</Text>
          <Text size="xs" c="dimmed" style={{ whiteSpace: 'normal' }}>
            {optionHelp(context.providerId, field.name, option.value)}
          </Text>
        </div>
      )}
    />
  );
}

/** On or off. */
export function SwitchWidget(props: Widget): ReactNode {
  const { context, field } = fieldOf(props);
  const { withAsterisk: _withAsterisk, ...frame } = useFieldFrame(context.providerId, field, props.rawErrors);
  const isOn = typeof props.value === 'boolean' ? props.value : field.default === true;
  return (
    <Switch
      {...frame}
      id={props.id}
      checked={isOn}
      onChange={(event) => props.onChange(event.currentTarget.checked)}
      disabled={isFixed(props)}
      labelPosition="left"
      size="md"
    />
  );
}

/** One entry of a list of texts. */
export function EntryWidget(props: Widget): ReactNode {
  return (
    <TextInput
      id={props.id}
      label={props.label}
      labelProps={{ className: 'seen-by-readers-only' }}
      value={textOf(props.value)}
      onChange={(event) => props.onChange(event.currentTarget.value)}
      readOnly={isFixed(props)}
      error={props.rawErrors === undefined || props.rawErrors.length === 0 ? undefined : props.rawErrors.join(' ')}
      autoComplete="off"
      spellCheck={false}
    />
  );
}

function fieldOf(props: Widget): { readonly context: FormContext; readonly field: ConfigField } {
  const context = props.registry.formContext as FormContext;
  const field = context.fields.get(props.name);
  if (field === undefined) throw new Error(`The form has no field "${props.name}".`);
  return { context, field };
}

function isFixed(props: Widget): boolean {
  return props.readonly === true || props.disabled === true;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : JSON.stringify(value);
}
