import type { FastifyInstance } from 'fastify';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What is counted as it is at the moment of asking. */
export interface MetricSources {
  readonly runningCalls: () => number;
  readonly keptSandboxes: () => number;
  readonly isReady: () => boolean;
}

/** Figures for Prometheus. Nothing in their labels is chosen by whoever calls. */
export class Metrics {
  readonly registry = new Registry();
  readonly #requests = new Counter({
    name: 'sandport_executor_requests_total',
    help: 'Requests that were answered.',
    labelNames: ['method', 'route', 'status'],
    registers: [this.registry],
  });
  readonly #durations = new Histogram({
    name: 'sandport_executor_request_duration_seconds',
    help: 'Time from the header of a request to the end of its answer.',
    labelNames: ['method', 'route'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300],
    registers: [this.registry],
  });
  readonly #refusals = new Counter({
    name: 'sandport_executor_refusals_total',
    help: 'Requests that were refused for who made them, or how many.',
    labelNames: ['code'],
    registers: [this.registry],
  });
  readonly #outcomes = new Counter({
    name: 'sandport_executor_executions_total',
    help: 'Programs and cells, by what became of them: a status, or the code of a failure.',
    labelNames: ['outcome', 'language'],
    registers: [this.registry],
  });

  constructor(sources: MetricSources) {
    collectDefaultMetrics({ register: this.registry });
    this.#watch('sandport_executor_running_calls', 'Programs and cells that run now.', sources.runningCalls);
    this.#watch('sandport_executor_kept_sandboxes', 'Sandboxes that callers keep.', sources.keptSandboxes);
    this.#watch('sandport_executor_ready', '1 when programs can be run.', () => (sources.isReady() ? 1 : 0));
  }

  countRefusal(code: string): void {
    this.#refusals.inc({ code });
  }

  countOutcome(outcome: string, language: string): void {
    this.#outcomes.inc({ outcome, language });
  }

  /** Counts every answer. */
  countAnswers(app: FastifyInstance): void {
    app.addHook('onRequest', (request, reply, done) => {
      reply.raw.once('close', () => {
        const labels = { method: request.method, route: request.routeOptions.url ?? 'none' };
        this.#requests.inc({ ...labels, status: String(reply.raw.writableFinished ? reply.raw.statusCode : 'gone') });
        this.#durations.observe(labels, reply.elapsedTime / 1000);
      });
      done();
    });
  }

  #watch(name: string, help: string, value: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        this.set(value());
      },
    });
  }
}
