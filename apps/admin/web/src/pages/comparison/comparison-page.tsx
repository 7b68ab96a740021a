import { Button, Fieldset, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiQuery } from '../../api/queries.ts';
import { ConfigurationPicker, usualChoice, type ConfigurationChoice } from '../../components/configuration-picker.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { Panel } from '../../components/panel.tsx';
import { QueryState } from '../../components/query-state.tsx';
import { ForRole } from '../../components/role-hint.tsx';
import { useKeptState } from '../../storage/use-kept-state.ts';
import { ComparisonView } from './comparison-view.tsx';
import { initialComparison, readComparison, type ComparisonInput } from './kept-plan.ts';
import { ProgramChooser } from './program-chooser.tsx';
import { useComparison } from './use-comparison.ts';

/** Runs the same programs with two configurations and shows in what they differ. */
export function ComparisonPage(): ReactNode {
  const { t } = useTranslation();
  const [input, setInput] = useKeptState({ name: 'comparison', initial: initialComparison, read: readComparison });
  const [isTried, setIsTried] = useState(false);
  const control = useComparison();
  const corpus = useApiQuery('listCorpus', {});
  useUsualSide(input, setInput);
  const nameOf = (choice: ConfigurationChoice): string =>
    `${choice.providerId} (${choice.version === null ? t('choices.inUse') : t('words.version', { number: choice.version })})`;
  const start = (): void => {
    setIsTried(true);
    const { left, right, programs } = input;
    if (left === null || right === null || programs?.length === 0) return;
    control.start({
      body: { left, right, ...(programs === null ? {} : { programs: [...programs] }) },
      left: nameOf(left),
      right: nameOf(right),
    });
  };
  const missing = (side: ConfigurationChoice | null): string | undefined => (isTried && side === null ? t('comparison.choose') : undefined);
  return (
    <>
      <PageHeading title={t('comparison.title')} help={t('comparison.help')} />
      <Stack gap="lg">
        <Panel title={t('comparison.what')}>
          <Stack>
            <SimpleGrid cols={{ base: 1, md: 2 }}>
              {(['left', 'right'] as const).map((side) => (
                <Fieldset key={side} legend={t(`comparison.${side}`)}>
                  <ConfigurationPicker
                    value={input[side]}
                    onChange={(choice) => setInput({ ...input, [side]: choice })}
                    error={missing(input[side])}
                  />
                </Fieldset>
              ))}
            </SimpleGrid>
            <QueryState query={corpus}>
              {({ programs }) => (
                <ProgramChooser
                  programs={programs}
                  chosen={input.programs}
                  onChange={(chosen) => setInput({ ...input, programs: chosen })}
                />
              )}
            </QueryState>
            {isTried && input.programs?.length === 0 ? (
              <Text size="sm" c="var(--mantine-color-error)" role="alert">
                {t('comparison.chooseProgram')}
              </Text>
            ) : null}
            <ForRole role="operator">
              <Group gap="sm">
                <Button leftSection={<IconPlayerPlay size={18} aria-hidden />} onClick={start} disabled={control.isRunning}>
                  {t('comparison.start')}
                </Button>
                {control.isRunning ? (
                  <Button variant="default" leftSection={<IconPlayerStop size={18} aria-hidden />} onClick={control.stop}>
                    {t('comparison.stop')}
                  </Button>
                ) : null}
              </Group>
            </ForRole>
          </Stack>
        </Panel>
        {control.comparison === null ? null : <ComparisonView comparison={control.comparison} />}
      </Stack>
    </>
  );
}

/** The left side begins with the configuration in use. */
function useUsualSide(input: ComparisonInput, setInput: (input: ComparisonInput) => void): void {
  const { data } = useApiQuery('readInstallation', {});
  useEffect(() => {
    if (input.left !== null || data === undefined) return;
    const left = usualChoice(data);
    if (left !== null) setInput({ ...input, left });
  }, [input, data, setInput]);
}
