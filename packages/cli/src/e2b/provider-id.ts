/** Id of the provider that `configure e2b` and `verify e2b` are about, as stored. */
export const E2B_PROVIDER_ID = 'e2b';
