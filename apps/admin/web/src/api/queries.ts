import type { AnswerOf, RouteName } from '@sandport/admin-api';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { ApiInput } from './api-input.ts';
import { callApi } from './api.ts';

/** How an answer is kept. */
export interface ApiQueryOptions {
  /** @default true */
  readonly enabled?: boolean;
  /** Asks again and again while the page is seen. */
  readonly refetchIntervalMs?: number;
}

/** The answer of a route that only reads, kept under the route's name and what was sent. */
export function useApiQuery<Name extends RouteName>(
  name: Name,
  input: Omit<ApiInput<Name>, 'signal' | 'timeoutMs'>,
  { enabled = true, refetchIntervalMs }: ApiQueryOptions = {},
): UseQueryResult<AnswerOf<Name>> {
  return useQuery({
    queryKey: [name, input],
    queryFn: ({ signal }) => callApi(name, { ...input, signal } as unknown as ApiInput<Name>),
    enabled,
    ...(refetchIntervalMs === undefined ? {} : { refetchInterval: refetchIntervalMs }),
  });
}
