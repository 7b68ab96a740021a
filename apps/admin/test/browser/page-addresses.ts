/** An address of every page, below `/admin/`. */
export const PAGE_ADDRESSES = [
  'overview',
  'sandbox-settings',
  'sandbox-settings/wasm',
  'playground',
  'compare',
  'history',
  'audit',
  'people',
  'policy',
] as const;
