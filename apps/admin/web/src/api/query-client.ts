import type { PageFacts } from '@sandport/admin-api';
import { QueryClient } from '@tanstack/react-query';
import { toApiProblem } from './api-problem.ts';

/** Makes what keeps answers. What may succeed by itself is tried once more; everything else is shown at once. What the document told is there already. */
export function createQueryClient(facts: PageFacts | undefined): QueryClient {
  const queries = new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        networkMode: 'always',
        retry: (failures, error) => failures < 1 && toApiProblem(error).isRetryable,
        retryDelay: 1_000,
      },
      mutations: { networkMode: 'always', retry: false },
    },
  });
  if (facts?.installation !== undefined) queries.setQueryData(['readInstallation', {}], facts.installation);
  return queries;
}
