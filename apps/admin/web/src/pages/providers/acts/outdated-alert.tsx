import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { IconGitMerge } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiQuery } from '../../../api/queries.ts';
import { DifferencesTable } from '../../../components/differences-table.tsx';
import { QueryState } from '../../../components/query-state.tsx';
import { sayAge } from '../../../format/moment.ts';

interface OutdatedAlertProps {
  /** What the change was made from. */
  readonly parent: number | null;
  /** What is in use now. */
  readonly active: number;
  readonly isBusy: boolean;
  /** Absent where the role may not. */
  readonly onTakeOver?: (() => void) | undefined;
  /** Told beside the button. */
  readonly note?: string | undefined;
}

/** Tells who changed what while a draft was written, and offers to make it anew on that ground. */
export function OutdatedAlert({ parent, active, isBusy, onTakeOver, note }: OutdatedAlertProps): ReactNode {
  const { t } = useTranslation();
  const version = useApiQuery('readVersion', { params: { version: active } });
  const differences = useApiQuery('compareVersions', { query: { from: parent ?? active, to: active } }, { enabled: parent !== null });
  return (
    <Alert color="orange" role="alert" icon={<IconGitMerge aria-hidden />} title={t('acts.outdatedTitle')}>
      <Stack gap="sm">
        <QueryState query={version}>
          {({ record }) => {
            const facts = {
              active,
              author: record.author,
              age: sayAge(record.activatedAtMs ?? record.createdAtMs),
              reason: asSentence(record.reason),
            };
            return (
              <Text size="sm" className="wrapped-text">
                {parent === null ? t('acts.outdatedFromNothing', facts) : t('acts.outdatedBy', { ...facts, parent })}
              </Text>
            );
          }}
        </QueryState>
        {parent === null ? null : (
          <>
            <Title order={3} size="h5">
              {t('acts.outdatedChanges', { active })}
            </Title>
            <QueryState query={differences}>
              {(answer) => <DifferencesTable differences={answer.differences} label={t('acts.outdatedChanges', { active })} />}
            </QueryState>
          </>
        )}
        {note === undefined ? null : <Text size="sm">{note}</Text>}
        {onTakeOver === undefined ? null : (
          <Group>
            <Button size="sm" onClick={onTakeOver} loading={isBusy}>
              {t('acts.takeOver', { active })}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}

function asSentence(reason: string): string {
  return /[.!?。！？]$/.test(reason) ? reason : `${reason}.`;
}
