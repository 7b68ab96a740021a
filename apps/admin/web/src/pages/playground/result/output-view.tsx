import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { sayNumber } from '../../../format/number.ts';
import { shownOutput } from '../live-output.ts';
import type { Execution } from '../use-execution.ts';
import { downloadBytes } from '../../../components/download.ts';

/** What a program prints, each stream for itself, and what its error looked like. It is text and nothing else, whatever it looks like. */
export function OutputView({ execution }: { readonly execution: Execution }): ReactNode {
  const { t } = useTranslation();
  const { result } = execution;
  const traceback = result?.error?.traceback ?? '';
  return (
    <Stack>
      <StreamView name="stdout" execution={execution} />
      <StreamView name="stderr" execution={execution} />
      {traceback === '' ? null : (
        <div>
          <Title order={3} mb={4}>
            {t('playground.traceback')}
          </Title>
          <TextBlock text={traceback} label={t('playground.traceback')} />
        </div>
      )}
    </Stack>
  );
}

function StreamView({ name, execution }: { readonly name: 'stdout' | 'stderr'; readonly execution: Execution }): ReactNode {
  const { t } = useTranslation();
  const { result } = execution;
  const { text, omittedLength } = result === null ? execution[name] : shownOutput(result[name]);
  const isRunning = execution.phase === 'asked' || execution.phase === 'running';
  return (
    <div>
      <Group justify="space-between" mb={4}>
        <Title order={3} ff="monospace">
          {name}
        </Title>
        {result === null || result[name] === '' ? null : (
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={() => downloadBytes(`${name}.txt`, [result[name]])}
          >
            {t('playground.downloadStream', { name })}
          </Button>
        )}
      </Group>
      {omittedLength === 0 ? null : (
        <Text size="sm" c="dimmed" mb={4}>
          {t('playground.outputOmitted', { number: sayNumber(omittedLength) })}
        </Text>
      )}
      {text === '' ? (
        <Text size="sm" c="dimmed">
          {isRunning ? t('playground.nothingYet') : t('playground.nothingPrinted')}
        </Text>
      ) : (
        <TextBlock text={text} label={name} />
      )}
      {result?.truncated[name] === true ? (
        <Text size="sm" mt={4}>
          {t('playground.truncated')}
        </Text>
      ) : null}
    </div>
  );
}

/** Text of a program. It can be scrolled with the keyboard. */
export function TextBlock({ text, label }: { readonly text: string; readonly label: string }): ReactNode {
  return (
    <Paper withBorder p="xs" bg="var(--sandport-canvas)">
      <pre className="program-text" style={{ fontSize: 'var(--mantine-font-size-sm)' }} tabIndex={0} role="region" aria-label={label}>
        {text}
      </pre>
    </Paper>
  );
}
