/** What one field is called, and what it is for. */
export interface FieldTexts {
  readonly label: string;
  readonly help: string;
}

/** The texts of a provider that the server tells in English. */
export interface ProviderTexts {
  readonly displayName: string;
  readonly description: string;
  readonly fields: Readonly<Record<string, FieldTexts>>;
}
