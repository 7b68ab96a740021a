import type { AnswerOf } from '@sandport/admin-api';
import { useInfiniteQuery, type InfiniteData, type UseInfiniteQueryResult } from '@tanstack/react-query';
import { callApi } from '../../api/api.ts';

const PAGE_LENGTH = 50;

/** Versions page by page, the newest first. */
export function useVersionPages(): UseInfiniteQueryResult<InfiniteData<AnswerOf<'listVersions'>>> {
  return useInfiniteQuery({
    queryKey: ['listVersions'],
    queryFn: ({ pageParam, signal }) => callApi('listVersions', { query: { limit: PAGE_LENGTH, before: pageParam }, signal }),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ versions }) => (versions.length < PAGE_LENGTH ? undefined : versions.at(-1)?.number),
  });
}
