import { Button, Input, Paper } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { ArrayFieldTemplateProps, FieldTemplateProps, ObjectFieldTemplateProps } from '@rjsf/utils';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useFieldFrame } from './field-frame.tsx';
import type { FormContext } from './form-context.ts';

/** The place of a field. Its control shows name, help and errors by itself. */
export function FieldPlace({ children, hidden }: FieldTemplateProps): ReactNode {
  return hidden === true ? null : <div>{children}</div>;
}

/** All fields, one below the other. */
export function FormBody({ properties }: ObjectFieldTemplateProps): ReactNode {
  return (
    <Paper withBorder className="raised config-form" px={{ base: 'md', sm: 'lg' }}>
      {properties.map(({ name, content }) => (
        <div key={name} data-field={name}>
          {content}
        </div>
      ))}
    </Paper>
  );
}

/** A list of texts. */
export function ListField({
  fieldPathId,
  items,
  canAdd,
  onAddClick,
  readonly,
  disabled,
  registry,
  rawErrors,
}: ArrayFieldTemplateProps): ReactNode {
  const { t } = useTranslation();
  const context = registry.formContext as FormContext;
  const field = context.fields.get(String(fieldPathId.path.at(-1)));
  if (field === undefined) throw new Error(`The form has no list "${fieldPathId.$id}".`);
  const { label, description, error, withAsterisk } = useFieldFrame(context.providerId, field, rawErrors);
  return (
    <Input.Wrapper
      id={fieldPathId.$id}
      label={label}
      description={description}
      error={error}
      withAsterisk={withAsterisk}
      labelElement="div"
      role="group"
      aria-label={label}
      tabIndex={-1}
    >
      <div>
        {items}
        {canAdd === true && readonly !== true && disabled !== true ? (
          <Button size="compact-sm" variant="default" leftSection={<IconPlus size={14} aria-hidden />} onClick={onAddClick}>
            {t('form.list.add')}
          </Button>
        ) : null}
      </div>
    </Input.Wrapper>
  );
}
