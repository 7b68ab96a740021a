import { Button, Group, JsonInput, Stack } from '@mantine/core';
import type { FieldProps } from '@rjsf/utils';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { isSameValue } from '../editing/form-input.ts';
import { useFieldFrame } from './field-frame.tsx';
import type { FormContext } from './form-context.ts';
import { readJsonText, type JsonFault } from './json-position.ts';

/** A document that no simpler control fits, as text. What is no JSON is told with its place. */
export function JsonField({ name, formData, rawErrors, readonly, disabled, registry, fieldPathId, onChange }: FieldProps): ReactNode {
  const { t } = useTranslation();
  const context = registry.formContext as FormContext;
  const field = context.fields.get(name);
  if (field === undefined) throw new Error(`The form has no field "${name}".`);
  const [text, setText] = useState(() => textOf(formData));
  const [fault, setFault] = useState<JsonFault>();
  const sent = useRef<unknown>(formData);
  const isFixed = readonly === true || disabled === true;
  useEffect(() => {
    // Only what did not come from here, such as an undone change, replaces the text that is being typed.
    if (isSameValue(sent.current, formData)) return;
    sent.current = formData;
    setText(textOf(formData));
    setFault(undefined);
  }, [formData]);

  const { error, ...frame } = useFieldFrame(context.providerId, field, fault === undefined ? rawErrors : undefined);
  const change = (next: string): void => {
    setText(next);
    const read = readJsonText(next);
    setFault('fault' in read ? read.fault : undefined);
    // A text that is no JSON stands in the data as it is: no schema takes it here, so it is never sent.
    sent.current = 'fault' in read ? next : read.value;
    onChange(sent.current, fieldPathId.path);
  };

  const canFormat = !isFixed && fault === undefined && text.trim() !== '';
  return (
    <JsonInput
      {...frame}
      id={fieldPathId.$id}
      value={text}
      onChange={change}
      readOnly={isFixed}
      error={fault === undefined ? error : t('form.json.notJson', { ...fault })}
      placeholder={t('form.json.help')}
      autosize
      minRows={3}
      maxRows={16}
      spellCheck={false}
      inputContainer={(input) => (
        <Stack gap={4} align="stretch">
          {input}
          {canFormat ? (
            <Group>
              <Button size="compact-xs" variant="subtle" onClick={() => setText(textOf(sent.current))}>
                {t('form.json.format')}
              </Button>
            </Group>
          ) : null}
        </Stack>
      )}
    />
  );
}

function textOf(value: unknown): string {
  if (value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value, undefined, 2);
}
