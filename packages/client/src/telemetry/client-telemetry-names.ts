/** What an attribute says. */
export interface ClientAttributeFacts {
  readonly name: string;
  readonly meaning: string;
}

/** Every attribute that the client ever sets. Each has few values, and none of them is a caller's or a program's to choose. */
export const CLIENT_TELEMETRY_ATTRIBUTES = {
  providerId: { name: 'sandport.provider.id', meaning: 'Id of the provider, for example `docker`.' },
  language: { name: 'sandport.language', meaning: '`python` or `javascript`.' },
  status: { name: 'sandport.status', meaning: 'Status of the result; `error` when the call threw.' },
  errorType: {
    name: 'error.type',
    meaning: 'Code of the `SandboxError`, `_OTHER` for anything else; absent when nothing was thrown. Never an error of the program.',
  },
} as const satisfies Record<string, ClientAttributeFacts>;

/** A key of {@link CLIENT_TELEMETRY_ATTRIBUTES}. */
export type ClientAttributeKey = keyof typeof CLIENT_TELEMETRY_ATTRIBUTES;

/** What a metric is. */
export interface ClientMetricFacts {
  readonly name: string;
  readonly instrument: 'counter' | 'histogram' | 'observable-gauge';
  readonly unit: string;
  readonly description: string;
  readonly attributes: readonly ClientAttributeKey[];
}

/** Every metric of the client. */
export const CLIENT_TELEMETRY_METRICS = {
  calls: {
    name: 'sandport.client.calls',
    instrument: 'counter',
    unit: '{call}',
    description: 'Calls of `client.execute` by what became of them, at the provider that was asked last.',
    attributes: ['providerId', 'status', 'errorType'],
  },
  fallbacks: {
    name: 'sandport.client.fallbacks',
    instrument: 'counter',
    unit: '{call}',
    description: 'Times that a call went on to the next provider of the stored list, by the one that it left and why.',
    attributes: ['providerId', 'errorType'],
  },
  configurationChanges: {
    name: 'sandport.client.configuration.changes',
    instrument: 'counter',
    unit: '{change}',
    description: 'Changes of the stored configuration that a running client noticed.',
    attributes: [],
  },
  settingsUp: {
    name: 'sandport.client.settings.up',
    instrument: 'observable-gauge',
    unit: '1',
    description: '1 while the stored configuration can be read; 0 while a client of this process goes on with what it last read.',
    attributes: [],
  },
  settingsReadDuration: {
    name: 'sandport.client.settings.read.duration',
    instrument: 'histogram',
    unit: 's',
    description: 'Time of reading the stored configuration, reads that failed included.',
    attributes: ['errorType'],
  },
} as const satisfies Record<string, ClientMetricFacts>;

/** A key of {@link CLIENT_TELEMETRY_METRICS}. */
export type ClientMetricKey = keyof typeof CLIENT_TELEMETRY_METRICS;

/** What a span covers. */
export interface ClientSpanFacts {
  readonly name: string;
  readonly description: string;
  readonly attributes: readonly ClientAttributeKey[];
}

/** Every span of the client. */
export const CLIENT_TELEMETRY_SPANS = {
  execute: {
    name: 'sandport.client.execute',
    description: 'One call of `client.execute`, from the choice of the provider until the sandbox is gone.',
    attributes: ['providerId', 'language', 'status', 'errorType'],
  },
} as const satisfies Record<string, ClientSpanFacts>;
