import { SimpleGrid } from '@mantine/core';
import { useEffect, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiQuery } from '../../api/queries.ts';
import { usualChoice } from '../../components/configuration-picker.tsx';
import { PageHeading } from '../../components/page-heading.tsx';
import { useKeptState } from '../../storage/use-kept-state.ts';
import { initialInput, readInput, withoutFiles } from './kept-input.ts';
import { ProgramPanel } from './program/program-panel.tsx';
import { ResultPanel } from './result/result-panel.tsx';
import { useExecution } from './use-execution.ts';

/** Runs programs by hand, with any stored configuration. */
export function PlaygroundPage(): ReactNode {
  const { t } = useTranslation();
  const [input, setInput] = useKeptState({ name: 'playground', initial: initialInput, read: readInput, reduce: withoutFiles });
  const control = useExecution();
  const installation = useApiQuery('readInstallation', {});
  useEffect(() => {
    if (input.configuration !== null || installation.data === undefined) return;
    const configuration = usualChoice(installation.data);
    if (configuration !== null) setInput({ ...input, configuration });
  }, [input, installation.data, setInput]);
  return (
    <>
      <PageHeading title={t('playground.title')} help={t('playground.help')} />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <ProgramPanel input={input} onChange={setInput} control={control} />
        <ResultPanel execution={control.execution} installation={installation.data} />
      </SimpleGrid>
    </>
  );
}
