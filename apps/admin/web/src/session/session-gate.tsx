import { Container } from '@mantine/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState, type ReactNode } from 'react';
import { Outlet } from 'react-router';
import { callApi } from '../api/api.ts';
import { QueryState, Waiting } from '../components/query-state.tsx';
import { ProblemAlert } from '../components/problem-alert.tsx';
import { loadAgain, stopLoadingAgain } from './load-again.ts';
import { NotEntered } from './not-entered.tsx';
import { sessionKeeper } from './session-keeper.ts';
import { useSession } from './use-session.ts';

const SignInAgain = lazy(async () => ({ default: (await import('./sign-in-again.tsx')).SignInAgain }));

/** Learns who is there before anything else is shown, where the document has not told already. */
export function SessionGate(): ReactNode {
  const { answer } = useSession();
  const query = useQuery({
    queryKey: ['readSession'],
    queryFn: async ({ signal }) => {
      const found = await callApi('readSession', { signal });
      sessionKeeper.accept(found);
      return found;
    },
    staleTime: Infinity,
    enabled: answer === undefined,
  });
  const isEntered = typeof answer?.account?.id === 'string';
  useEffect(() => (isEntered ? stopLoadingAgain() : undefined), [isEntered]);
  if (answer === undefined) {
    return (
      <Container size="xs" py="xl">
        {query.isError ? (
          <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
        ) : (
          <QueryState query={query}>{() => null}</QueryState>
        )}
      </Container>
    );
  }
  return <Outlet />;
}

/** Lets in who is signed in; everybody else is given the sign-in page by the server. A session that ends while the page is open is asked for over the page, which stays as it is. */
export function SignedInOnly(): ReactNode {
  const { answer, isExpired } = useSession();
  useEndOfSession();
  useAnswersOfOnePerson(answer?.account?.id);
  if (answer?.account === undefined || answer.account === null) return <Stranger />;
  return (
    <>
      {/* Nothing of one person's page is left for the next. */}
      <Outlet key={answer.account.id} />
      {isExpired ? (
        <Suspense fallback={null}>
          <SignInAgain />
        </Suspense>
      ) : null}
    </>
  );
}

/** Asks for the other document, once. */
function Stranger(): ReactNode {
  const [isAsked, setIsAsked] = useState(true);
  useEffect(() => setIsAsked(loadAgain(import.meta.env.DEV ? '/admin/sign-in.html' : undefined)), []);
  return isAsked ? <Waiting /> : <NotEntered />;
}

/** Other tabs sign out and in, too: coming back to this one looks how things are. */
function useEndOfSession(): void {
  useEffect(() => {
    const look = (): void => {
      if (document.visibilityState !== 'visible' || !sessionKeeper.state().isExpired) return;
      callApi('readSession', {}).then(
        (answer) => sessionKeeper.accept(answer),
        // The dialog stays open, and its own attempts tell what is wrong.
        () => undefined,
      );
    };
    document.addEventListener('visibilitychange', look);
    window.addEventListener('focus', look);
    return () => {
      document.removeEventListener('visibilitychange', look);
      window.removeEventListener('focus', look);
    };
  }, []);
}

/** What one person was answered is not shown to the next. */
function useAnswersOfOnePerson(accountId: string | undefined): void {
  const queries = useQueryClient();
  const former = useRef(accountId);
  useEffect(() => {
    if (former.current !== undefined && former.current !== accountId) queries.clear();
    former.current = accountId;
  }, [queries, accountId]);
}
