import Form from '@rjsf/core/lib/components/Form.js';
import getDefaultRegistry from '@rjsf/core/lib/getDefaultRegistry.js';
import AddButton from '@rjsf/mantine/lib/templates/ButtonTemplates/AddButton.js';
import ArrayFieldItemTemplate from '@rjsf/mantine/lib/templates/ArrayFieldItemTemplate.js';
import { MoveDownButton, MoveUpButton, RemoveButton } from '@rjsf/mantine/lib/templates/ButtonTemplates/IconButton.js';
import {
  TranslatableString,
  type ErrorSchema,
  type RegistryFieldsType,
  type RegistryWidgetsType,
  type RJSFSchema,
  type TemplatesType,
  type UiSchema,
  type ValidatorType,
} from '@rjsf/utils';
import type { ProviderDescription } from '@sandport/admin-api';
import { useMemo, type ReactNode, type Ref } from 'react';
import { useTranslation } from 'react-i18next';
import type { Config } from '../editing/form-input.ts';
import { FieldPlace, FormBody, ListField } from './field-templates.tsx';
import { ChoiceWidget, EntryWidget, LongTextWidget, NumberWidget, SwitchWidget, TextWidget } from './field-widgets.tsx';
import type { FormContext } from './form-context.ts';
import { controlOf, editableFields, formSchemaOf } from './form-schema.ts';
import { createFormValidator } from './form-validator.ts';
import { JsonField } from './json-field.tsx';
import { problemSayer } from './say-problem.ts';
import { SecretField } from './secret-field.tsx';

/** The form's data, as the form library has it: the types of JSON go deeper than its own can follow. */
type FormValues = Record<string, unknown>;

/** The form library's form, as its owner holds it. */
export type ConfigFormHandle = Form<FormValues, RJSFSchema, FormContext>;

const standard = getDefaultRegistry<FormValues, RJSFSchema, FormContext>();

const widgets = {
  text: TextWidget,
  'long-text': LongTextWidget,
  number: NumberWidget,
  choice: ChoiceWidget,
  switch: SwitchWidget,
  entry: EntryWidget,
} as unknown as RegistryWidgetsType<FormValues, RJSFSchema, FormContext>;

const fields = { secret: SecretField, json: JsonField } as unknown as RegistryFieldsType<FormValues, RJSFSchema, FormContext>;

const templates = {
  FieldTemplate: FieldPlace,
  ObjectFieldTemplate: FormBody,
  ArrayFieldTemplate: ListField,
  ArrayFieldItemTemplate,
  ButtonTemplates: { ...standard.templates.ButtonTemplates, AddButton, MoveDownButton, MoveUpButton, RemoveButton },
} as unknown as Partial<TemplatesType<FormValues, RJSFSchema, FormContext>>;

interface ConfigFormProps {
  readonly description: ProviderDescription;
  readonly config: Config;
  readonly context: FormContext;
  readonly problems: ErrorSchema<FormValues>;
  readonly isReadOnly: boolean;
  readonly handle: Ref<ConfigFormHandle>;
  readonly onChange: (config: Config) => void;
  /** It was asked to be checked, and cannot be sent as it is. */
  readonly onRefused: () => void;
}

/** The fields of a provider that can be changed here. */
export function ConfigForm({
  description,
  config,
  context,
  problems,
  isReadOnly,
  handle,
  onChange,
  onRefused,
}: ConfigFormProps): ReactNode {
  const { t } = useTranslation();
  const schema = useMemo(() => formSchemaOf(description), [description]);
  const uiSchema = useMemo(() => uiSchemaOf(description, t('form.list.entry')), [description, t]);
  const validator = useMemo(() => createFormValidator(problemSayer(t, context.providerId)), [t, context.providerId]);
  return (
    <Form<FormValues, RJSFSchema, FormContext>
      ref={handle}
      tagName="div"
      schema={schema}
      uiSchema={uiSchema}
      validator={validator as ValidatorType<FormValues, RJSFSchema, FormContext>}
      formData={config}
      formContext={context}
      extraErrors={problems}
      widgets={widgets}
      fields={fields}
      templates={templates}
      idPrefix="field"
      readonly={isReadOnly}
      liveValidate="onBlur"
      showErrorList={false}
      noHtml5Validate
      experimental_defaultFormStateBehavior={{ emptyObjectFields: 'skipDefaults', arrayMinItems: { populate: 'never' } }}
      translateString={(text, params) => sayFormText(text, params) ?? String(text)}
      onError={onRefused}
      onChange={({ formData }) => onChange((formData ?? {}) as Config)}
    >
      <></>
    </Form>
  );

  function sayFormText(text: TranslatableString, params: readonly string[] | undefined): string | undefined {
    switch (text) {
      case TranslatableString.AddItemButton:
      case TranslatableString.AddButton:
        return t('form.list.add');
      case TranslatableString.RemoveButton:
        return t('form.list.remove');
      case TranslatableString.MoveUpButton:
        return t('form.list.up');
      case TranslatableString.MoveDownButton:
        return t('form.list.down');
      default:
        return params?.[0];
    }
  }
}

function uiSchemaOf({ fields: described, schema }: ProviderDescription, entryTitle: string): UiSchema<FormValues, RJSFSchema, FormContext> {
  const places = editableFields(described).map((field) => {
    const control = controlOf(field, schema);
    if (control === 'secret' || control === 'json') return [field.name, { 'ui:field': control }];
    if (control === 'list')
      return [field.name, { 'ui:options': { copyable: false }, 'ui:title': entryTitle, items: { 'ui:widget': 'entry' } }];
    return [field.name, { 'ui:widget': control }];
  });
  return Object.fromEntries(places) as UiSchema<FormValues, RJSFSchema, FormContext>;
}
