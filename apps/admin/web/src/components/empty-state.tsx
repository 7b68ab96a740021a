import { Center, Stack, Text, ThemeIcon, Title } from '@mantine/core';
import type { ReactNode } from 'react';

/** Says that there is nothing here, why, and what to do. */
export function EmptyState({
  icon,
  title,
  help,
  children,
}: {
  readonly icon: ReactNode;
  readonly title: string;
  readonly help: ReactNode;
  /** What can be done about it. */
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <Center py="xl">
      <Stack align="center" gap="sm" maw="34rem">
        <ThemeIcon size="xl" radius="xl" variant="light" color="gray" aria-hidden>
          {icon}
        </ThemeIcon>
        <Title order={2} ta="center">
          {title}
        </Title>
        <Text c="dimmed" ta="center">
          {help}
        </Text>
        {children}
      </Stack>
    </Center>
  );
}
