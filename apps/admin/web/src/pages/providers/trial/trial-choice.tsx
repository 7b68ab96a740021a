import { Button, Checkbox, Group, Radio, Stack, Text } from '@mantine/core';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useApiQuery } from '../../../api/queries.ts';
import { QueryState } from '../../../components/query-state.tsx';
import { casesOf, countAreas, type TrialChoice } from './trial-progress.ts';

/** Asks what is to be tried. */
export function TrialChoiceForm({ onStart }: { readonly onStart: (cases: ReturnType<typeof casesOf>) => void }): ReactNode {
  const { t } = useTranslation();
  const cases = useApiQuery('listTrialCases', {});
  const [kind, setKind] = useState<TrialChoice['kind']>('usual');
  const [areas, setAreas] = useState<string[]>([]);
  const [isTried, setIsTried] = useState(false);
  return (
    <QueryState query={cases}>
      {(answer) => {
        const start = (): void => {
          setIsTried(true);
          if (kind === 'areas' && areas.length === 0) return;
          onStart(casesOf(kind === 'areas' ? { kind, areas } : { kind }, answer.cases));
        };
        return (
          <Stack>
            <Radio.Group label={t('trial.choose')} value={kind} onChange={(value) => setKind(value)}>
              <Stack gap="sm" mt="xs">
                <Radio
                  value="usual"
                  label={t('trial.usual')}
                  description={t('trial.usualHelp', { count: answer.cases.filter(({ isUsual }) => isUsual).length })}
                  data-autofocus
                />
                <Radio value="all" label={t('trial.all')} description={t('trial.allHelp', { count: answer.cases.length })} />
                <Radio value="areas" label={t('trial.areas')} description={t('trial.areasHelp')} />
              </Stack>
            </Radio.Group>
            {kind === 'areas' ? (
              <Checkbox.Group
                label={t('trial.areas')}
                value={areas}
                onChange={setAreas}
                error={isTried && areas.length === 0 ? t('trial.areasMissing') : undefined}
              >
                <Group gap="md" mt="xs">
                  {countAreas(answer.cases).map(([area, count]) => (
                    <Checkbox key={area} value={area} label={t('trial.casesIn', { area, count })} />
                  ))}
                </Group>
              </Checkbox.Group>
            ) : null}
            <Group justify="flex-end">
              <Button onClick={start}>{t('trial.start')}</Button>
            </Group>
          </Stack>
        );
      }}
    </QueryState>
  );
}

/** A line about what is tried. */
export function TrialSubject({ version }: { readonly version: number | null }): ReactNode {
  const { t } = useTranslation();
  return (
    <Text size="sm" c="dimmed">
      {version === null ? t('trial.ofActive') : t('trial.ofVersion', { number: version })}
    </Text>
  );
}
