import { performance } from 'node:perf_hooks';
import { context, SpanStatusCode, trace, type Span } from '@opentelemetry/api';
import type { ExecutionResult, Language, PhaseClock } from '@sandport/core';
import { attributesOf, errorTypeOf, type AttributeValues } from './attribute-values.ts';
import { currentInstruments, currentTracer } from './instruments.ts';
import { TELEMETRY_SPANS } from './telemetry-names.ts';

/** What is known of a call before it begins. Nothing of the request but its language belongs here. */
export interface CallFacts {
  readonly providerId: string;
  readonly language: Language;
  /** @default 'program' */
  readonly kind?: 'program' | 'cell';
}

/**
 * Carries out a call within a span, and counts and times it. It resolves and rejects exactly as `run` does; without an SDK of OpenTelemetry nothing else
 * happens.
 */
export function instrumentExecute(facts: CallFacts, run: () => Promise<ExecutionResult>): Promise<ExecutionResult> {
  return currentTracer().startActiveSpan(TELEMETRY_SPANS.execute.name, async (span) => {
    const began = performance.now();
    try {
      const result = await run();
      const values = { ...valuesOf(facts), status: result.status, isolation: result.isolation.kind };
      recordCall(values, result.clock.totalMs, result.clock);
      if (span.isRecording()) {
        span.setAttributes(attributesOf(values));
        addPhaseSpans(span, result.clock);
      }
      return result;
    } catch (error) {
      const values = { ...valuesOf(facts), status: 'error', errorType: errorTypeOf(error) };
      recordCall(values, performance.now() - began, undefined);
      markFailed(span, values);
      throw error;
    } finally {
      span.end();
    }
  });
}

/** Obtains a sandbox within a span. The pool tells its observer how it went. */
export function instrumentCreate<Created>(facts: Omit<CallFacts, 'kind'>, create: () => Promise<Created>): Promise<Created> {
  return currentTracer().startActiveSpan(TELEMETRY_SPANS.create.name, async (span) => {
    if (span.isRecording()) span.setAttributes(attributesOf({ providerId: facts.providerId, language: facts.language }));
    try {
      return await create();
    } catch (error) {
      markFailed(span, { errorType: errorTypeOf(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}

function valuesOf({ providerId, language, kind = 'program' }: CallFacts): AttributeValues {
  return { providerId, language, kind };
}

/** A call that its caller withdrew has not failed. The message is left out: it may quote what the caller wrote. */
function markFailed(span: Span, values: AttributeValues): void {
  if (!span.isRecording()) return;
  span.setAttributes(attributesOf(values));
  if (values.errorType !== 'CANCELLED') span.setStatus({ code: SpanStatusCode.ERROR });
}

function recordCall(values: AttributeValues, totalMs: number, clock: PhaseClock | undefined): void {
  const instruments = currentInstruments();
  if (instruments === undefined) return;
  const attributes = attributesOf(values);
  instruments.calls.add(1, attributes);
  instruments.callDuration.record(totalMs / 1000, attributes);
  if (clock === undefined) return;
  const { providerId, language, kind } = values;
  for (const [phase, durationMs] of phasesOf(clock)) {
    // A phase that was not reached is 0, and is no measurement.
    if (durationMs > 0) instruments.phaseDuration.record(durationMs / 1000, attributesOf({ providerId, language, kind, phase }));
  }
}

function phasesOf(clock: PhaseClock): readonly (readonly [string, number])[] {
  return [
    ['queue', clock.queueMs],
    ['claim', clock.claimMs],
    ['start', clock.startMs],
    ['run', clock.runMs],
    ['collect', clock.collectMs],
  ];
}

/** The phases follow each other and end now, with the call. Waiting and claiming came before it, and have a span of their own. */
function addPhaseSpans(parent: Span, clock: PhaseClock): void {
  const within = trace.setSpan(context.active(), parent);
  let beganAt = Date.now() - clock.startMs - clock.runMs - clock.collectMs;
  for (const [{ name }, durationMs] of [
    [TELEMETRY_SPANS.start, clock.startMs],
    [TELEMETRY_SPANS.run, clock.runMs],
    [TELEMETRY_SPANS.collect, clock.collectMs],
  ] as const) {
    if (durationMs <= 0) continue;
    currentTracer()
      .startSpan(name, { startTime: beganAt }, within)
      .end(beganAt + durationMs);
    beganAt += durationMs;
  }
}
