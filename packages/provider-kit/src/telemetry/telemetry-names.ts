/** What an attribute says. */
export interface AttributeFacts {
  readonly name: string;
  readonly meaning: string;
}

/** Every attribute that is ever set. Each has few values, and none of them is a caller's or a program's to choose. */
export const TELEMETRY_ATTRIBUTES = {
  providerId: { name: 'sandport.provider.id', meaning: 'Id of the provider, for example `docker`.' },
  language: { name: 'sandport.language', meaning: '`python` or `javascript`.' },
  kind: { name: 'sandport.execution.kind', meaning: '`program`, or `cell` of a context.' },
  status: { name: 'sandport.status', meaning: 'Status of the result; `error` when the call threw.' },
  isolation: { name: 'sandport.isolation', meaning: 'Measured isolation, for example `gvisor`; absent when the call threw.' },
  errorType: {
    name: 'error.type',
    meaning: 'Code of the `SandboxError`, `_OTHER` for anything else; absent when nothing was thrown. Never an error of the program.',
  },
  phase: { name: 'sandport.phase', meaning: '`queue`, `claim`, `start`, `run` or `collect`.' },
  poolState: { name: 'sandport.pool.state', meaning: '`idle`, `busy`, `starting` or `leaving`.' },
  hit: { name: 'sandport.pool.hit', meaning: 'Whether a sandbox was ready before it was asked for.' },
  breakerState: { name: 'sandport.breaker.state', meaning: '`closed`, `open` or `half-open`.' },
} as const satisfies Record<string, AttributeFacts>;

/** A key of {@link TELEMETRY_ATTRIBUTES}. */
export type AttributeKey = keyof typeof TELEMETRY_ATTRIBUTES;

/** What a metric is. */
export interface MetricFacts {
  readonly name: string;
  /** As OpenTelemetry names it. A backend shows the up-down counters, whose values can be added up, as gauges. */
  readonly instrument: 'counter' | 'histogram' | 'observable-up-down-counter';
  readonly unit: string;
  readonly description: string;
  readonly attributes: readonly AttributeKey[];
}

const OF_CALL = ['providerId', 'language', 'kind', 'status', 'isolation', 'errorType'] as const;

/** Every metric. */
export const TELEMETRY_METRICS = {
  calls: {
    name: 'sandport.execute.calls',
    instrument: 'counter',
    unit: '{call}',
    description: 'Calls by what became of them.',
    attributes: OF_CALL,
  },
  callDuration: {
    name: 'sandport.execute.duration',
    instrument: 'histogram',
    unit: 's',
    description: 'Time of a whole call: as the result says, or until it threw.',
    attributes: OF_CALL,
  },
  phaseDuration: {
    name: 'sandport.execute.phase.duration',
    instrument: 'histogram',
    unit: 's',
    description: 'Time of each phase that a call reached.',
    attributes: ['providerId', 'language', 'kind', 'phase'],
  },
  poolSize: {
    name: 'sandport.pool.size',
    instrument: 'observable-up-down-counter',
    unit: '{sandbox}',
    description: 'Sandboxes that exist, are being made, or are going.',
    attributes: ['providerId', 'poolState'],
  },
  poolWaiting: {
    name: 'sandport.pool.waiting',
    instrument: 'observable-up-down-counter',
    unit: '{claim}',
    description: 'Claims that wait for a sandbox.',
    attributes: ['providerId'],
  },
  claims: {
    name: 'sandport.pool.claims',
    instrument: 'counter',
    unit: '{claim}',
    description: 'Sandboxes handed out; the share with a hit is the hit rate.',
    attributes: ['providerId', 'hit'],
  },
  queueDuration: {
    name: 'sandport.pool.queue.duration',
    instrument: 'histogram',
    unit: 's',
    description: 'Time that claims waited for room, those refused in the end included.',
    attributes: ['providerId', 'errorType'],
  },
  refusals: {
    name: 'sandport.pool.refusals',
    instrument: 'counter',
    unit: '{claim}',
    description: 'Claims that ended without a sandbox.',
    attributes: ['providerId', 'errorType'],
  },
  creates: {
    name: 'sandport.pool.creates',
    instrument: 'counter',
    unit: '{sandbox}',
    description: 'Sandboxes whose making came to an end; those with an `error.type` failed.',
    attributes: ['providerId', 'errorType'],
  },
  createDuration: {
    name: 'sandport.pool.create.duration',
    instrument: 'histogram',
    unit: 's',
    description: 'Time of making a sandbox, until it could take a job or had failed.',
    attributes: ['providerId', 'errorType'],
  },
  deaths: {
    name: 'sandport.pool.deaths',
    instrument: 'counter',
    unit: '{sandbox}',
    description: 'Unused sandboxes that ended by themselves.',
    attributes: ['providerId'],
  },
  breakers: {
    name: 'sandport.pool.breakers',
    instrument: 'observable-up-down-counter',
    unit: '{breaker}',
    description: 'Breakers, one for each profile, by state. An open one stops the making of sandboxes.',
    attributes: ['providerId', 'breakerState'],
  },
} as const satisfies Record<string, MetricFacts>;

/** A key of {@link TELEMETRY_METRICS}. */
export type MetricKey = keyof typeof TELEMETRY_METRICS;

/** What a span covers. */
export interface SpanFacts {
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly AttributeKey[];
}

/** Every span. */
export const TELEMETRY_SPANS = {
  create: {
    name: 'sandport.create_sandbox',
    description: 'Obtaining a sandbox, the wait for it included.',
    attributes: ['providerId', 'language', 'errorType'],
  },
  execute: {
    name: 'sandport.execute',
    description: 'One program, or one cell of a context.',
    attributes: OF_CALL,
  },
  start: { name: 'sandport.start', description: 'Handing over code, files and arguments, below `sandport.execute`.', attributes: [] },
  run: { name: 'sandport.run', description: 'The program itself, below `sandport.execute`.', attributes: [] },
  collect: {
    name: 'sandport.collect',
    description: 'Bringing back output, value and artifacts, below `sandport.execute`.',
    attributes: [],
  },
} as const satisfies Record<string, SpanFacts>;
