import type { BodyOf, TrialEvent } from '@sandport/admin-api';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { toApiProblem, type ApiProblem } from '../../../api/api-problem.ts';
import { followApi } from '../../../api/api.ts';
import { afterEvent, NO_PROGRESS, type TrialProgress } from './trial-progress.ts';

/** A trial that was started from this page. */
export interface TrialState {
  readonly phase: 'choosing' | 'running' | 'ended' | 'stopped' | 'failed';
  readonly progress: TrialProgress;
  readonly problem: ApiProblem | undefined;
}

const BEFORE: TrialState = { phase: 'choosing', progress: NO_PROGRESS, problem: undefined };

/** Starts a trial, follows it, and ends it: also when its place on the page goes. */
export function useTrial(): TrialState & {
  readonly start: (body: BodyOf<'tryConfiguration'>) => void;
  readonly stop: () => void;
  readonly choose: () => void;
} {
  const queries = useQueryClient();
  const [state, setState] = useState<TrialState>(BEFORE);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const follow = async (body: BodyOf<'tryConfiguration'>, controller: AbortController): Promise<void> => {
    let progress = NO_PROGRESS;
    try {
      for await (const event of followApi('tryConfiguration', { body, signal: controller.signal })) {
        progress = afterEvent(progress, event as TrialEvent);
        setState({ phase: 'running', progress, problem: undefined });
      }
      setState({ phase: progress.passport === undefined ? 'failed' : 'ended', progress, problem: undefined });
      await queries.invalidateQueries();
    } catch (error) {
      setState(
        controller.signal.aborted
          ? { phase: 'stopped', progress, problem: undefined }
          : { phase: 'failed', progress, problem: toApiProblem(error) },
      );
    }
  };

  return {
    ...state,
    start: (body) => {
      const controller = new AbortController();
      running.current = controller;
      setState({ phase: 'running', progress: NO_PROGRESS, problem: undefined });
      void follow(body, controller);
    },
    stop: () => running.current?.abort(),
    choose: () => setState(BEFORE),
  };
}
