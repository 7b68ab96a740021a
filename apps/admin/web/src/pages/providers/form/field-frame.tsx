import { Text } from '@mantine/core';
import type { ConfigField } from '@sandport/admin-api';
import type { ReactNode } from 'react';
import { fieldHelp, fieldLabel, useFieldFacts } from './field-words.ts';

/** What every control of a field is given: its name, help and facts, and what is wrong with it. */
export interface FieldFrame {
  readonly label: string;
  readonly description: ReactNode;
  readonly withAsterisk: boolean;
  readonly error: ReactNode;
}

/** The frame of a field. */
export function useFieldFrame(providerId: string, field: ConfigField, errors: readonly string[] | undefined): FieldFrame {
  const facts = useFieldFacts()(field);
  return {
    label: fieldLabel(providerId, field),
    withAsterisk: field.required,
    description: (
      <>
        {fieldHelp(providerId, field)}
        {facts === undefined ? null : (
          <Text component="span" display="block" size="xs" mt={2}>
            {facts}
          </Text>
        )}
      </>
    ),
    error: errors === undefined || errors.length === 0 ? undefined : errors.join(' '),
  };
}
