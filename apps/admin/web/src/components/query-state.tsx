import { Alert, Button, Group, Loader, Stack, Text } from '@mantine/core';
import { IconClockExclamation } from '@tabler/icons-react';
import type { UseQueryResult } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemAlert } from './problem-alert.tsx';

/** After this time waiting is said to be too long, and another attempt is offered. */
const PATIENCE_MS = 10_000;

interface QueryStateProps<Answer> {
  readonly query: UseQueryResult<Answer>;
  /** Shows the answer. */
  readonly children: (answer: Answer) => ReactNode;
  /** Whether there is nothing to show. */
  readonly isEmpty?: (answer: Answer) => boolean;
  /** Says that there is nothing, and what to do. */
  readonly empty?: ReactNode;
}

/** The answer of a query, or what is to be said while there is none. A failed attempt to renew an answer is told above the one that is there. */
export function QueryState<Answer>({ query, children, isEmpty, empty }: QueryStateProps<Answer>): ReactNode {
  const retry = (): void => void query.refetch({ cancelRefetch: true });
  if (query.data === undefined) {
    return query.isError ? <ProblemAlert error={query.error} onRetry={retry} /> : <Waiting onRetry={retry} />;
  }
  const isNothing = isEmpty?.(query.data) === true;
  return (
    <>
      {query.isError ? (
        <Stack mb="md">
          <ProblemAlert error={query.error} onRetry={retry} />
        </Stack>
      ) : null}
      {isNothing ? empty : children(query.data)}
    </>
  );
}

/** Says that something is on its way, and after a while that it takes too long. */
export function Waiting({ onRetry }: { readonly onRetry?: () => void }): ReactNode {
  const { t } = useTranslation();
  const [attempt, setAttempt] = useState(0);
  const [isSlow, setIsSlow] = useState(false);
  useEffect(() => {
    setIsSlow(false);
    const timer = setTimeout(() => setIsSlow(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [attempt]);
  if (!isSlow) {
    return (
      <Group role="status" gap="sm" py="xl" justify="center">
        <Loader size="sm" aria-hidden />
        <Text c="dimmed">{t('states.loading')}</Text>
      </Group>
    );
  }
  return (
    <Alert color="yellow" role="status" icon={<IconClockExclamation aria-hidden />} title={t('states.slow')}>
      <Stack gap="xs">
        <Text size="sm">{t('states.slowHelp')}</Text>
        {onRetry === undefined ? null : (
          <Group>
            <Button
              size="xs"
              variant="default"
              onClick={() => {
                setAttempt(attempt + 1);
                onRetry();
              }}
            >
              {t('states.tryAgain')}
            </Button>
          </Group>
        )}
      </Stack>
    </Alert>
  );
}
