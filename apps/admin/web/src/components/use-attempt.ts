import { useState } from 'react';
import { toApiProblem, type ApiProblem } from '../api/api-problem.ts';

/** Something that can fail and be tried again. */
export interface Attempt {
  readonly isBusy: boolean;
  readonly problem: ApiProblem | undefined;
  /** Does it. Whether it worked; what went wrong is in `problem` until the next attempt. */
  readonly attempt: (work: () => Promise<void>) => Promise<boolean>;
}

/** Keeps whether something is under way, and why it has failed. */
export function useAttempt(): Attempt {
  const [isBusy, setIsBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  return {
    isBusy,
    problem,
    attempt: async (work) => {
      setIsBusy(true);
      setProblem(undefined);
      try {
        await work();
        return true;
      } catch (error) {
        setProblem(toApiProblem(error));
        return false;
      } finally {
        setIsBusy(false);
      }
    },
  };
}
