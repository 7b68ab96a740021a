import { Alert, Button, Group, Stack, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { toApiProblem, type ApiProblem } from '../api/api-problem.ts';
import { sayDuration } from '../format/duration.ts';
import type { en } from '../i18n/en.ts';
import { i18n } from '../i18n/i18n.ts';

type KnownCode = Exclude<keyof typeof en.problems, 'retryAfter'>;

/** The headline of a problem in the language of the page. What the server says in detail is in English. */
function useProblemTitle(): (problem: ApiProblem) => string {
  const { t } = useTranslation();
  return ({ code }) => t(`problems.${isKnown(code) ? code : 'other'}`);
}

function isKnown(code: string): code is KnownCode {
  return code !== 'retryAfter' && /^[A-Z_]+$/.test(code) && i18n.exists(`problems.${code}`);
}

/** Says what went wrong and what to do. It is read out when it appears. */
export function ProblemAlert({
  error,
  title,
  onRetry,
}: {
  readonly error: unknown;
  readonly title?: string;
  readonly onRetry?: (() => void) | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const titleOf = useProblemTitle();
  const problem = toApiProblem(error);
  return (
    <Alert color="red" role="alert" icon={<IconAlertTriangle aria-hidden />} title={title ?? titleOf(problem)}>
      <Stack gap="xs">
        <Text size="sm" className="wrapped-text">
          {problem.detail}
        </Text>
        {problem.suggestion === undefined ? null : (
          <Text size="sm" className="wrapped-text">
            {problem.suggestion}
          </Text>
        )}
        {problem.retryAfterMs === undefined ? null : (
          <Text size="sm">{t('problems.retryAfter', { time: sayDuration(Math.ceil(problem.retryAfterMs / 1000) * 1000) })}</Text>
        )}
        {onRetry === undefined ? null : (
          <Group>
            <Button size="xs" variant="default" onClick={onRetry}>
              {t('states.tryAgain')}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
