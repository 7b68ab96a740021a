import { Box, Center, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconBox } from '@tabler/icons-react';
import { useEffect, type ReactNode } from 'react';
import { LanguageMenu } from '../../shell/language-menu.tsx';
import { ThemeMenu } from '../../shell/theme-menu.tsx';

/** The frame of the pages before one is signed in. */
export function Entrance({
  title,
  help,
  children,
}: {
  readonly title: string;
  readonly help?: string;
  readonly children: ReactNode;
}): ReactNode {
  useEffect(() => {
    document.title = `${title} · Sandport`;
  }, [title]);
  return (
    <Box mih="100dvh" pos="relative">
      <Group justify="flex-end" p="sm">
        <LanguageMenu />
        <ThemeMenu />
      </Group>
      <Center component="main" px="md" pb="xl" pt="6vh">
        <Stack w="100%" maw="25rem" gap="lg">
          <Group gap="xs" justify="center" aria-hidden>
            <IconBox size={28} stroke={1.6} />
            <Text fw={600} size="lg">
              Sandport
            </Text>
          </Group>
          <Paper withBorder p="xl" className="raised">
            <Stack>
              <Stack gap={4}>
                <Title order={1} fz="1.25rem">
                  {title}
                </Title>
                {help === undefined ? null : (
                  <Text size="sm" c="dimmed">
                    {help}
                  </Text>
                )}
              </Stack>
              {children}
            </Stack>
          </Paper>
        </Stack>
      </Center>
    </Box>
  );
}
