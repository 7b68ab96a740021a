import { JsonInput, NumberInput, Select, SimpleGrid, Stack, Tabs, Text, Textarea } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { LIMIT_RANGES, type InputProblem, type PlaygroundField, type PlaygroundInput, type PlaygroundLimits } from '../playground-input.ts';
import { useProblemText } from '../use-problem-text.ts';
import { ProgramFiles } from './program-files.tsx';

interface OptionsProps {
  readonly input: PlaygroundInput;
  readonly onChange: (change: Partial<PlaygroundInput>) => void;
  readonly problems: readonly InputProblem[];
  readonly tab: OptionTab;
  readonly onTab: (tab: OptionTab) => void;
}

/** What a program is run with, besides its code. */
export const OPTION_TABS = ['arguments', 'files', 'stdin', 'environment', 'limits'] as const;

/** A member of {@link OPTION_TABS}. */
export type OptionTab = (typeof OPTION_TABS)[number];

/** Where a problem is to be mended. */
export const TAB_OF_FIELD: Readonly<Partial<Record<PlaygroundField, OptionTab>>> = {
  arguments: 'arguments',
  environment: 'environment',
  files: 'files',
};

/** Arguments, files, standard input, environment and limits. */
export function ProgramOptions({ input, onChange, problems, tab, onTab }: OptionsProps): ReactNode {
  const { t } = useTranslation();
  const say = useProblemText();
  const problemOf = (field: PlaygroundField): string | undefined => {
    const found = problems.find((problem) => problem.field === field);
    return found === undefined ? undefined : say(found);
  };
  return (
    <Tabs value={tab} onChange={(next) => onTab(OPTION_TABS.find((name) => name === next) ?? 'arguments')} keepMounted={false}>
      <Tabs.List aria-label={t('playground.options')} mb="sm">
        {OPTION_TABS.map((name) => (
          <Tabs.Tab key={name} value={name}>
            {t(`playground.tabs.${name}`)}
            {name === 'files' && input.files.length > 0 ? ` (${input.files.length})` : ''}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      <Tabs.Panel value="arguments">
        <JsonInput
          label={t('playground.arguments')}
          description={t('playground.argumentsHelp')}
          value={input.argumentsText}
          onChange={(argumentsText) => onChange({ argumentsText })}
          error={problemOf('arguments')}
          autosize
          minRows={4}
          maxRows={14}
          formatOnBlur
          spellCheck={false}
          placeholder="{}"
        />
      </Tabs.Panel>
      <Tabs.Panel value="files">
        <ProgramFiles files={input.files} onChange={(files) => onChange({ files })} problem={problemOf('files')} />
      </Tabs.Panel>
      <Tabs.Panel value="stdin">
        <Textarea
          label={t('playground.stdin')}
          description={t('playground.stdinHelp')}
          value={input.stdin}
          onChange={(event) => onChange({ stdin: event.currentTarget.value })}
          autosize
          minRows={4}
          maxRows={14}
          spellCheck={false}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
      </Tabs.Panel>
      <Tabs.Panel value="environment">
        <Textarea
          label={t('playground.environment')}
          description={t('playground.environmentHelp')}
          value={input.environment}
          onChange={(event) => onChange({ environment: event.currentTarget.value })}
          error={problemOf('environment')}
          autosize
          minRows={4}
          maxRows={14}
          spellCheck={false}
          placeholder="NAME=value"
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        />
      </Tabs.Panel>
      <Tabs.Panel value="limits">
        <LimitFields limits={input.limits} onChange={(limits) => onChange({ limits })} />
      </Tabs.Panel>
    </Tabs>
  );
}

const LIMIT_NAMES = [
  'timeoutSeconds',
  'memoryMebibytes',
  'outputKibibytes',
  'processes',
] as const satisfies readonly (keyof PlaygroundLimits)[];

function LimitFields({
  limits,
  onChange,
}: {
  readonly limits: PlaygroundLimits;
  readonly onChange: (limits: PlaygroundLimits) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        {t('playground.limitsHelp')}
      </Text>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {LIMIT_NAMES.map((name) => (
          <NumberInput
            key={name}
            label={t(`playground.limits.${name}`)}
            value={limits[name] ?? ''}
            onChange={(value) => onChange({ ...limits, [name]: typeof value === 'number' ? value : null })}
            {...LIMIT_RANGES[name]}
            clampBehavior="blur"
            allowNegative={false}
            allowDecimal={name === 'timeoutSeconds'}
            placeholder={t('playground.limitUnset')}
          />
        ))}
        <Select
          label={t('playground.network')}
          description={t('playground.networkHelp')}
          data={[{ value: 'none', label: t('playground.networkNone') }]}
          value="none"
          allowDeselect={false}
        />
      </SimpleGrid>
    </Stack>
  );
}
