import { Button, Group, SegmentedControl, Select, Stack, VisuallyHidden } from '@mantine/core';
import { IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ConfigurationPicker } from '../../../components/configuration-picker.tsx';
import { ForRole } from '../../../components/role-hint.tsx';
import { Panel } from '../../../components/panel.tsx';
import { EXAMPLES } from '../example-programs.ts';
import { checkInput, PROGRAM_LANGUAGES, type InputProblem, type PlaygroundInput, type ProgramLanguage } from '../playground-input.ts';
import type { ExecutionControl } from '../use-execution.ts';
import { useProblemText } from '../use-problem-text.ts';
import { ProgramEditor } from './program-editor.tsx';
import { ProgramOptions, TAB_OF_FIELD, type OptionTab } from './program-options.tsx';

/** Where a program is written, and run. */
export function ProgramPanel({
  input,
  onChange,
  control,
}: {
  readonly input: PlaygroundInput;
  readonly onChange: (input: PlaygroundInput) => void;
  readonly control: ExecutionControl;
}): ReactNode {
  const { t } = useTranslation();
  const say = useProblemText();
  const [problems, setProblems] = useState<readonly InputProblem[]>([]);
  const [tab, setTab] = useState<OptionTab>('arguments');
  const change = (part: Partial<PlaygroundInput>): void => {
    setProblems([]);
    onChange({ ...input, ...part });
  };
  const run = (): void => {
    if (control.isRunning) return;
    const checked = checkInput(input);
    if ('body' in checked) return control.run(checked.body);
    setProblems(checked.problems);
    const place = checked.problems.map(({ field }) => TAB_OF_FIELD[field]).find((name) => name !== undefined);
    if (place !== undefined) setTab(place);
  };
  const missing = problems.find(({ field }) => field === 'configuration');
  return (
    <Panel title={t('playground.program')} actions={<ExampleChooser input={input} onChange={change} />}>
      <Stack>
        <ConfigurationPicker
          value={input.configuration}
          onChange={(configuration) => change({ configuration })}
          error={missing === undefined ? undefined : say(missing)}
        />
        <LanguageChooser value={input.language} onChange={(language) => change({ language })} />
        <ProgramEditor
          language={input.language}
          value={input.code[input.language]}
          onChange={(code) => change({ code: { ...input.code, [input.language]: code } })}
          onRun={run}
        />
        <ProgramOptions input={input} onChange={change} problems={problems} tab={tab} onTab={setTab} />
        <VisuallyHidden role="status">{problems.map((problem) => say(problem)).join(' ')}</VisuallyHidden>
        <ForRole role="operator">
          <Group gap="sm">
            <Button leftSection={<IconPlayerPlay size={18} aria-hidden />} onClick={run} disabled={control.isRunning}>
              {t('playground.run')}
            </Button>
            {control.isRunning ? (
              <Button variant="default" leftSection={<IconPlayerStop size={18} aria-hidden />} onClick={control.stop}>
                {t('playground.stop')}
              </Button>
            ) : null}
          </Group>
        </ForRole>
      </Stack>
    </Panel>
  );
}

function LanguageChooser({
  value,
  onChange,
}: {
  readonly value: ProgramLanguage;
  readonly onChange: (language: ProgramLanguage) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <SegmentedControl
      aria-label={t('playground.language')}
      value={value}
      onChange={onChange}
      data={PROGRAM_LANGUAGES.map((name) => ({ value: name, label: t(`words.languages.${name}`) }))}
      style={{ alignSelf: 'flex-start' }}
    />
  );
}

/** Takes an example over. What was there before comes back with undo in the editor. */
function ExampleChooser({
  input,
  onChange,
}: {
  readonly input: PlaygroundInput;
  readonly onChange: (change: Partial<PlaygroundInput>) => void;
}): ReactNode {
  const { t } = useTranslation();
  return (
    <Select
      aria-label={t('playground.examples')}
      placeholder={t('playground.examples')}
      data={EXAMPLES.map(({ name }) => ({ value: name, label: t(`playground.exampleNames.${name}`) }))}
      value={null}
      w="14rem"
      onChange={(chosen) => {
        const example = EXAMPLES.find(({ name }) => name === chosen);
        if (example === undefined) return;
        onChange({
          code: { ...input.code, [input.language]: example[input.language] },
          argumentsText: example.argumentsText,
          stdin: example.stdin,
        });
      }}
    />
  );
}
