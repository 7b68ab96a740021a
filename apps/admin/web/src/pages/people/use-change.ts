import type { RouteName } from '@sandport/admin-api';
import { useMutation, useQueryClient, type UseMutationResult } from '@tanstack/react-query';

/** A change of what a route lists: when it is done, or was refused, the list is read anew. */
export function useChange<Input, Answer>(
  listed: RouteName,
  change: (input: Input) => Promise<Answer>,
): UseMutationResult<Answer, unknown, Input> {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSettled: () => queries.invalidateQueries({ queryKey: [listed] }),
  });
}
