import type { PlaygroundBody } from '@sandport/admin-api';
import { useCallback, useEffect, useRef, useState } from 'react';
import { followApi } from '../../api/api.ts';
import type { ProgramResult } from '../../format/program-status.ts';
import { NO_OUTPUT, withPiece, type ShownOutput } from './live-output.ts';

/** Output is shown this often at most, however often it comes. */
const SHOW_INTERVAL_MS = 100;

/** One run of a program, as far as it has come. */
export interface Execution {
  readonly phase: 'asked' | 'running' | 'ended' | 'stopped' | 'failed';
  readonly body: PlaygroundBody;
  readonly startedAtMs: number;
  readonly stdout: ShownOutput;
  readonly stderr: ShownOutput;
  readonly result: ProgramResult | null;
  /** Why there is no result; only when it failed. */
  readonly problem: unknown;
}

/** Runs programs, one at a time. */
export interface ExecutionControl {
  /** The newest run; `null` before the first. */
  readonly execution: Execution | null;
  readonly isRunning: boolean;
  readonly run: (body: PlaygroundBody) => void;
  /** Ends the program: who goes away from the answer withdraws the call. */
  readonly stop: () => void;
}

/** Runs programs and follows what they print. Leaving the page ends what runs. */
export function useExecution(): ExecutionControl {
  const [execution, setExecution] = useState<Execution | null>(null);
  const current = useRef<AbortController>(null);
  useEffect(() => () => current.current?.abort(), []);

  const run = useCallback((body: PlaygroundBody) => {
    current.current?.abort();
    const controller = new AbortController();
    current.current = controller;
    void follow(body, controller.signal, (next) => {
      if (current.current === controller) setExecution(next);
    });
  }, []);
  const stop = useCallback(() => current.current?.abort(), []);
  return { execution, isRunning: execution?.phase === 'asked' || execution?.phase === 'running', run, stop };
}

async function follow(body: PlaygroundBody, signal: AbortSignal, show: (execution: Execution) => void): Promise<void> {
  let now: Execution = {
    phase: 'asked',
    body,
    startedAtMs: Date.now(),
    stdout: NO_OUTPUT,
    stderr: NO_OUTPUT,
    result: null,
    problem: undefined,
  };
  let shownAtMs = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const showSoon = (): void => {
    timer ??= setTimeout(
      () => {
        timer = undefined;
        shownAtMs = performance.now();
        show(now);
      },
      Math.max(0, shownAtMs + SHOW_INTERVAL_MS - performance.now()),
    );
  };
  show(now);
  try {
    for await (const event of followApi('executeProgram', { body, signal, timeoutMs: 60_000 })) {
      if (event.type === 'accepted') now = { ...now, phase: 'running' };
      if (event.type === 'output') now = { ...now, phase: 'running', [event.stream]: withPiece(now[event.stream], event.text) };
      if (event.type === 'result') now = { ...now, phase: 'ended', result: event.result };
      showSoon();
    }
    // An answer that ends without saying how was cut off.
    if (now.result === null) now = { ...now, phase: 'failed', problem: new Error('The answer ended before the result came.') };
  } catch (error) {
    now = signal.aborted ? { ...now, phase: 'stopped' } : { ...now, phase: 'failed', problem: error };
  } finally {
    clearTimeout(timer);
    show(now);
  }
}
