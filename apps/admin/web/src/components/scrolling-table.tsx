import { Table, type TableProps } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** A table that scrolls sideways where it does not fit. What scrolls can be reached by the keyboard, and has a name for those who do not see it. */
export function ScrollingTable({
  label,
  minWidth,
  maxHeight,
  ...table
}: TableProps & {
  /** What the table shows. */
  readonly label: string;
  /** Below so many pixels it scrolls. */
  readonly minWidth: number;
  /** In pixels. @default as high as its rows */
  readonly maxHeight?: number;
}): ReactNode {
  const { t } = useTranslation();
  // A panel around it may have the same name, and two landmarks of one name cannot be told apart.
  const name = t('words.scrollingTable', { label });
  return (
    <Table.ScrollContainer
      minWidth={minWidth}
      mah={maxHeight}
      scrollAreaProps={{ viewportProps: { tabIndex: 0, role: 'region', 'aria-label': name } }}
    >
      <Table aria-label={label} {...table} />
    </Table.ScrollContainer>
  );
}
