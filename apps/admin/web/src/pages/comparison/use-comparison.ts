import type { BodyOf } from '@sandport/admin-api';
import { useCallback, useEffect, useRef, useState } from 'react';
import { followApi } from '../../api/api.ts';
import type { Comparison } from './comparison-state.ts';

/** What is compared, and what both sides are called. */
export interface ComparisonPlan {
  readonly body: BodyOf<'compareConfigurations'>;
  readonly left: string;
  readonly right: string;
}

/** Compares, one comparison at a time. */
export interface ComparisonControl {
  readonly comparison: Comparison | null;
  readonly isRunning: boolean;
  readonly start: (plan: ComparisonPlan) => void;
  /** Who goes away from the answer ends it. What was compared stays. */
  readonly stop: () => void;
}

/** Compares and shows what comes. Leaving the page ends what runs. */
export function useComparison(): ComparisonControl {
  const [comparison, setComparison] = useState<Comparison | null>(null);
  const current = useRef<AbortController>(null);
  useEffect(() => () => current.current?.abort(), []);
  const start = useCallback((plan: ComparisonPlan) => {
    current.current?.abort();
    const controller = new AbortController();
    current.current = controller;
    void follow(plan, controller.signal, (next) => {
      if (current.current === controller) setComparison(next);
    });
  }, []);
  const stop = useCallback(() => current.current?.abort(), []);
  return { comparison, isRunning: comparison?.phase === 'running', start, stop };
}

async function follow({ body, left, right }: ComparisonPlan, signal: AbortSignal, show: (comparison: Comparison) => void): Promise<void> {
  let now: Comparison = { phase: 'running', left, right, total: null, compared: [], problem: undefined };
  show(now);
  try {
    for await (const event of followApi('compareConfigurations', { body, signal, timeoutMs: 60_000 })) {
      if (event.type === 'began') now = { ...now, total: event.total };
      if (event.type === 'compared') now = { ...now, compared: [...now.compared, event] };
      if (event.type === 'ended') now = { ...now, phase: 'ended' };
      show(now);
    }
    if (now.phase === 'running') show({ ...now, phase: 'failed', problem: new Error('The answer ended before everything was compared.') });
  } catch (error) {
    show(signal.aborted ? { ...now, phase: 'stopped' } : { ...now, phase: 'failed', problem: error });
  }
}
