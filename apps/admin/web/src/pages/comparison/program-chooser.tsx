import { Button, Checkbox, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import type { CorpusProgram } from '@sandport/admin-api';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';

/** Chooses programs of the corpus, all of them to begin with. */
export function ProgramChooser({
  programs,
  chosen,
  onChange,
}: {
  readonly programs: readonly CorpusProgram[];
  readonly chosen: readonly string[] | null;
  readonly onChange: (chosen: readonly string[] | null) => void;
}): ReactNode {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  // What was kept may name programs that there are no more.
  const known = chosen?.filter((id) => programs.some((program) => program.id === id)) ?? programs.map(({ id }) => id);
  const change = (ids: readonly string[]): void => onChange(ids.length === programs.length ? null : ids);
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Text>{t('comparison.chosen', { count: known.length, total: programs.length })}</Text>
        <Button size="compact-sm" variant="default" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {isOpen ? t('comparison.hidePrograms') : t('comparison.showPrograms')}
        </Button>
        {isOpen ? (
          <>
            <Button size="compact-sm" variant="subtle" onClick={() => onChange(null)}>
              {t('comparison.all')}
            </Button>
            <Button size="compact-sm" variant="subtle" onClick={() => onChange([])}>
              {t('comparison.none')}
            </Button>
          </>
        ) : null}
      </Group>
      {isOpen ? (
        <Checkbox.Group value={[...known]} onChange={change} aria-label={t('comparison.programs')}>
          <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="xs">
            {programs.map(({ id, title }) => (
              <Checkbox key={id} value={id} label={id} description={title} />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
      ) : null}
    </Stack>
  );
}
