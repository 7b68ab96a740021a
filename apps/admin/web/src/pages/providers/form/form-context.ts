import type { ConfigField, ProviderDescription } from '@sandport/admin-api';
import type { SecretChange } from '../editing/form-input.ts';

/** What the fields of the form know beside their own value. */
export interface FormContext {
  readonly providerId: string;
  readonly fields: ReadonlyMap<string, ConfigField>;
  readonly storedSecrets: NonNullable<ProviderDescription['stored']>['secrets'];
  readonly secrets: Readonly<Record<string, SecretChange>>;
  readonly changeSecret: (name: string, change: SecretChange) => void;
}
