import { Group, Stack, Text, Title } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';

/** What a page begins with. It also names the tab of the browser. */
export function PageHeading({
  title,
  help,
  children,
}: {
  readonly title: string;
  readonly help?: ReactNode;
  readonly children?: ReactNode;
}): ReactNode {
  useEffect(() => {
    document.title = `${title} · Sandport`;
  }, [title]);
  return (
    <Group component="header" justify="space-between" align="flex-start" mb="lg" gap="md">
      <Stack gap={4} flex="1 1 18rem">
        <Title order={1} tabIndex={-1}>
          {title}
        </Title>
        {help === undefined ? null : (
          <Text c="dimmed" maw="46rem">
            {help}
          </Text>
        )}
      </Stack>
      {children === undefined ? null : <Group gap="sm">{children}</Group>}
    </Group>
  );
}
