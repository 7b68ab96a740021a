import { Group, Paper, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** One figure with its name. */
export function FigureTile({
  name,
  value,
  note,
  isBad = false,
}: {
  readonly name: string;
  readonly value: string;
  readonly note?: string | undefined;
  /** Marked with a sign as well as by colour. */
  readonly isBad?: boolean;
}): ReactNode {
  return (
    <Paper component="li" withBorder p="sm" className="raised">
      <Text size="sm" c="dimmed">
        {name}
      </Text>
      <Group gap={6} wrap="nowrap">
        <Text fz="1.5rem" fw={600} lh={1.3} className="wrapped-text">
          {value}
        </Text>
        {isBad ? <IconAlertTriangle size={18} color="var(--mantine-color-error)" aria-hidden /> : null}
      </Group>
      {note === undefined ? null : (
        <Text size="xs" c="dimmed">
          {note}
        </Text>
      )}
    </Paper>
  );
}
