import type { ReactNode } from 'react';

/** Stands in for the markup that the form library could show: text stays text. */
export function Markdown({ children }: { readonly children?: ReactNode }): ReactNode {
  return children;
}
