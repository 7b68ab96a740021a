import type { Difference, ProviderDescription } from '@sandport/admin-api';
import { changedFields, storedInput, type FormInput } from './form-input.ts';

/** What the form would change of the version in use, as the server tells differences. */
export function differencesOf(inUse: ProviderDescription, input: FormInput): Difference[] {
  const row = `sandbox.${inUse.card.id}`;
  const stored = storedInput(inUse);
  const secretNames = new Set(inUse.fields.filter((field) => field.secret).map((field) => field.name));
  return changedFields(stored, input).map((field): Difference => {
    if (secretNames.has(field)) {
      const wasSet = Object.hasOwn(inUse.stored?.secrets ?? {}, field);
      const goes = input.secrets[field]?.act === 'clear';
      return { row, field, kind: goes ? 'removed' : wasSet ? 'changed' : 'added', secret: true };
    }
    const [before, after] = [stored.config[field], input.config[field]];
    return {
      row,
      field,
      kind: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
      secret: false,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    };
  });
}
