import { Accordion, Table, Text } from '@mantine/core';
import type { ProviderDescription } from '@sandport/admin-api';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sayValue } from './form/field-reading.ts';
import { fieldHelp, fieldLabel } from './form/field-words.ts';

/** Fields that only the deployment changes: to be read, with the reason. */
export function DeploymentFields({ description }: { readonly description: ProviderDescription }): ReactNode {
  const { t } = useTranslation();
  const { card, stored } = description;
  const fields = description.fields.filter((field) => field.scope === 'deployment');
  if (fields.length === 0) return null;
  return (
    <Accordion variant="contained" className="raised">
      <Accordion.Item value="deployment">
        <Accordion.Control>{t('form.deploymentTitle', { count: fields.length })}</Accordion.Control>
        <Accordion.Panel>
          <Text size="sm" c="dimmed" mb="sm">
            {t('form.deploymentHelp')}
          </Text>
          <Table verticalSpacing="xs" aria-label={t('form.deploymentTitle', { count: fields.length })}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t('form.field')}</Table.Th>
                <Table.Th>{t('form.value')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {fields.map((field) => (
                <Table.Tr key={field.name}>
                  <Table.Td>
                    <Text size="sm" fw={500}>
                      {fieldLabel(card.id, field)}
                    </Text>
                    <Text size="xs" c="dimmed">
                      {fieldHelp(card.id, field)}
                    </Text>
                  </Table.Td>
                  <Table.Td className="wrapped-text">{valueOf(field)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  );

  function valueOf(field: ProviderDescription['fields'][number]): string {
    if (field.secret) return Object.hasOwn(stored?.secrets ?? {}, field.name) ? t('form.secret.stored') : t('form.secret.unset');
    const value = stored?.config[field.name];
    if (value !== undefined) return sayValue(value, field.unit);
    return field.default === undefined ? t('form.notSet') : t('form.byDefault', { value: sayValue(field.default, field.unit) });
  }
}
