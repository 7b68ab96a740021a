import { QueryClient } from '@tanstack/react-query';
import { toApiProblem } from './api-problem.ts';

/** Makes what keeps answers. What may succeed by itself is tried once more; everything else is shown at once. */
export function createQueryClient(): QueryClient {
  return new QueryClient({
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
}
