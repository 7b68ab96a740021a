import { Badge, Button, Code, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconBan, IconChevronDown, IconChevronRight, IconEqual, IconEqualNot } from '@tabler/icons-react';
import { useId, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { StatusBadge } from '../../components/status-badge.tsx';
import { sayBytes } from '../../format/bytes.ts';
import { sayDuration } from '../../format/duration.ts';
import type { ComparedProgram } from './comparison-state.ts';

type Outcome = ComparedProgram['left'];

/** One program: how it ended on both sides, in what that differs, and on demand all of it side by side. */
export function ComparedProgramCard({
  compared: { program, left, right, differences },
  left: leftName,
  right: rightName,
}: {
  readonly compared: ComparedProgram;
  readonly left: string;
  readonly right: string;
}): ReactNode {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const detailsId = useId();
  const isShort = differences.length === 0 && !isOpen;
  const Sign = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <Paper withBorder p="sm" component="article" aria-label={program.id}>
      <Group justify="space-between" gap="sm" align="flex-start">
        <Stack gap={2} flex="1 1 16rem">
          <Group gap={6} wrap="nowrap" align="flex-start">
            {differences.length === 0 ? (
              <IconEqual size={18} aria-hidden color="var(--mantine-color-dimmed)" />
            ) : (
              <IconEqualNot size={18} aria-hidden color="var(--mantine-color-error)" />
            )}
            <Title order={3} className="wrapped-text">
              {program.id}
            </Title>
          </Group>
          <Text size="sm" c="dimmed">
            {program.title}
          </Text>
        </Stack>
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Sign size={16} aria-hidden />}
          aria-expanded={isOpen}
          aria-controls={isShort ? undefined : detailsId}
          onClick={() => setIsOpen(!isOpen)}
        >
          {t('comparison.sideBySide')}
        </Button>
      </Group>
      <Stack gap={4} mt="xs">
        {differences.length === 0 ? (
          <Group gap="sm">
            <Text size="sm">{t('comparison.same')}</Text>
            {isShort ? <SameEnd left={left} right={right} /> : null}
          </Group>
        ) : (
          differences.map(({ kind, message }) => (
            <Group key={kind} gap="xs" wrap="nowrap" align="flex-start">
              <Badge variant="default" tt="none" miw="max-content">
                {t(`comparison.filters.${kind}`)}
              </Badge>
              <Text size="sm" className="wrapped-text">
                {message}
              </Text>
            </Group>
          ))
        )}
      </Stack>
      {isShort ? null : (
        <SimpleGrid cols={{ base: 1, sm: 2 }} mt="sm" id={detailsId}>
          <OutcomeView side={t('comparison.left')} name={leftName} outcome={left} isOpen={isOpen} />
          <OutcomeView side={t('comparison.right')} name={rightName} outcome={right} isOpen={isOpen} />
        </SimpleGrid>
      )}
    </Paper>
  );
}

/** How both sides ended, once. */
function SameEnd({ left, right }: { readonly left: Outcome; readonly right: Outcome }): ReactNode {
  const { t } = useTranslation();
  return (
    <>
      {left.status === null ? <Text size="sm">{t('comparison.refused')}</Text> : <StatusBadge status={left.status} />}
      <Text size="sm" c="dimmed">
        {sayDuration(left.totalMs)} / {sayDuration(right.totalMs)}
      </Text>
    </>
  );
}

function OutcomeView({
  side,
  name,
  outcome,
  isOpen,
}: {
  readonly side: string;
  readonly name: string;
  readonly outcome: Outcome;
  readonly isOpen: boolean;
}): ReactNode {
  const { t } = useTranslation();
  const { status, refusal, error, totalMs } = outcome;
  return (
    <Stack gap={6} role="group" aria-label={`${side}: ${name}`}>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {side}
        </Text>
        {status === null ? (
          <Badge variant="default" size="lg" tt="none" leftSection={<IconBan size={16} aria-hidden />}>
            {t('comparison.refused')}
          </Badge>
        ) : (
          <StatusBadge status={status} />
        )}
        <Text size="sm" c="dimmed">
          {sayDuration(totalMs)}
        </Text>
      </Group>
      {refusal === null ? null : (
        <Text size="sm" className="wrapped-text">
          {refusal.code}: {refusal.message}
        </Text>
      )}
      {error === null ? null : (
        <Text size="sm" className="wrapped-text">
          {error}
        </Text>
      )}
      {isOpen ? <OutcomeDetails outcome={outcome} side={side} /> : null}
    </Stack>
  );
}

function OutcomeDetails({
  outcome: { value, stdout, stderr, files },
  side,
}: {
  readonly outcome: Outcome;
  readonly side: string;
}): ReactNode {
  const { t } = useTranslation();
  const texts = [
    { name: t('comparison.value'), text: value ?? '' },
    { name: 'stdout', text: stdout },
    { name: 'stderr', text: stderr },
  ].filter(({ text }) => text !== '');
  return (
    <>
      {texts.map(({ name, text }) => (
        <div key={name}>
          <Text size="xs" c="dimmed">
            {name}
          </Text>
          <Code block className="program-text" tabIndex={0} role="region" aria-label={`${side}: ${name}`}>
            {text}
          </Code>
        </div>
      ))}
      {files.map(({ path, sizeBytes, sha256 }) => (
        <Text key={path} size="sm" className="wrapped-text">
          {path} · {sayBytes(sizeBytes)} · <Code>{sha256.slice(0, 12)}</Code>
        </Text>
      ))}
      {texts.length === 0 && files.length === 0 ? (
        <Text size="sm" c="dimmed">
          {t('comparison.nothing')}
        </Text>
      ) : null}
    </>
  );
}
