import type { AnswerOf, Consequences, Difference, EventOf, Role, RouteName, VersionRecord, VersionView } from '@sandport/admin-api';
import { playedComparison, playedCorpus } from './played-comparison.ts';
import { playedExecution } from './played-execution.ts';
import { playedPeople } from './played-people.ts';
import { cardOf, definitions, describe, PLAYED_NOW_MS, storedInDraft, storedInUse } from './played-providers.ts';
import { emptyUsage, playedUsage } from './played-usage.ts';

/** What a route is asked. */
export interface PlayedCall {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: unknown;
  /** Whether nothing was ever called. */
  readonly isUnused: boolean;
}

/** How a route answers. */
export type PlayedAnswers = { readonly [Name in RouteName]?: (call: PlayedCall) => AnswerOf<Name> };

/** What a route that is followed tells. */
export type PlayedEvents = { readonly [Name in RouteName]?: (call: PlayedCall) => readonly EventOf<Name>[] };

const HOUR_MS = 3_600_000;

const versions: readonly VersionRecord[] = [
  {
    number: 13,
    parent: 12,
    state: 'draft',
    author: 'Ada',
    reason: 'More memory for plots',
    createdAtMs: PLAYED_NOW_MS - HOUR_MS,
    activatedAtMs: null,
  },
  {
    number: 12,
    parent: 11,
    state: 'active',
    author: 'Grace',
    reason: 'Keep the data modules at hand',
    createdAtMs: PLAYED_NOW_MS - 5 * HOUR_MS,
    activatedAtMs: PLAYED_NOW_MS - 4 * HOUR_MS,
  },
  {
    number: 11,
    parent: null,
    state: 'superseded',
    author: 'Ada',
    reason: 'The first configuration',
    createdAtMs: PLAYED_NOW_MS - 90 * HOUR_MS,
    activatedAtMs: PLAYED_NOW_MS - 89 * HOUR_MS,
  },
];

const differences: readonly Difference[] = [
  { row: 'sandbox.docker', field: 'memoryBytes', kind: 'changed', before: 536_870_912, after: 1_073_741_824, secret: false },
  { row: 'sandbox.docker', field: 'isolation', kind: 'added', after: 'runc', secret: false },
  { row: 'sandbox.docker', field: 'maxContainers', kind: 'removed', before: 12, secret: false },
  { row: 'sandbox.docker', field: 'tlsKey', kind: 'added', secret: true },
];

const policy = {
  minimumIsolation: 'gvisor',
  trustRemoteIsolation: false,
  allowNetwork: false,
  maxima: { timeoutMs: 120_000 },
  maxPassportAgeHours: 168,
} as const;

function viewOf(number: number): VersionView {
  const record = versions.find((version) => version.number === number) ?? versions[1];
  if (record === undefined) throw new Error('There are no played versions.');
  const providers = number === 13 ? storedInDraft : storedInUse;
  const findings =
    number === 13
      ? [{ row: 'sandbox.docker', field: 'isolation', kind: 'warning', message: 'runc shares the kernel of the host.' } as const]
      : [];
  return { record, providerType: 'docker', fallback: ['wasm'], policy, override: null, providers, problems: [], findings };
}

function consequencesOf(number: number): Consequences {
  const view = viewOf(number);
  return {
    record: view.record,
    activeVersion: 12,
    differences: [...differences],
    findings: view.findings,
    providerType: { before: 'docker', after: 'docker' },
    proofs: [
      { providerId: 'docker', passport: null, objection: 'No test of this configuration has measured "gvisor" or better.' },
      { providerId: 'wasm', passport: cardOf(definitions[0] as never).passport, objection: null },
    ],
    followers: { clients: 3, callsLastMinute: 128 },
    isOutdated: false,
  };
}

const passport: AnswerOf<'listPassports'>['passports'][number] = {
  formatVersion: 1,
  providerId: 'docker',
  configDigest: 'a'.repeat(64),
  madeAtMs: PLAYED_NOW_MS - 7_200_000,
  durationMs: 8_400,
  passed: false,
  isolation: { kind: 'gvisor', measuredBy: 'guest-kernel-log' },
  languages: ['python', 'javascript'],
  network: ['none'],
  limits: [{ limit: 'time', value: 1000, held: true, status: 'timed-out' }],
  latency: { count: 5, p50Ms: 42, p95Ms: 88, maxMs: 91 },
  cases: [
    { id: 'value/object', outcome: 'passed', durationMs: 120 },
    { id: 'network/none', outcome: 'failed', message: 'A program reached 192.0.2.1.', durationMs: 340 },
  ],
};

/** Who is signed in, as the pictures want it. */
export function sessionOf(role: Role | null): AnswerOf<'readSession'> {
  return {
    account: role === null ? null : { id: 'a1', name: 'Ada', role, signsInBy: 'password' },
    csrfToken: role === null ? null : 'played',
    endsAtMs: role === null ? null : PLAYED_NOW_MS + HOUR_MS,
    needsFirstAccount: role === null,
    openIdName: 'Example ID',
    version: '0.1.0',
  };
}

/** Plain answers of the routes. */
export const playedAnswers: PlayedAnswers = {
  ...playedPeople,
  readUsage: ({ query, isUnused }) => (isUnused ? emptyUsage() : playedUsage(Number(query.get('minutes') ?? 60))),
  readHealth: () => ({
    reports: [
      {
        providerId: 'docker',
        status: 'degraded',
        isolation: 'gvisor',
        checks: [
          { name: 'engine', status: 'ok', message: 'Docker 29.1 answers.' },
          { name: 'image.python', status: 'warning', message: 'It is 40 days old.', remedy: 'Build it again: sandport images build.' },
        ],
        checkedAtMs: PLAYED_NOW_MS,
        durationMs: 812,
      },
    ],
  }),
  listCorpus: playedCorpus,
  readInstallation: () => ({
    version: 12,
    activeSince: { author: 'Grace', reason: 'Keep the data modules at hand', activatedAtMs: PLAYED_NOW_MS - 4 * HOUR_MS },
    providerType: 'docker',
    fallback: ['wasm'],
    policy: { ...policy },
    override: null,
    changedElsewhere: [],
    problems: [],
    providers: definitions.map((definition) => cardOf(definition)),
    settingsLocation: 'sqlite:/var/lib/sandport/settings.db',
  }),
  describeProvider: ({ params, query }) => {
    const definition = definitions.find(({ id }) => id === params['provider']);
    if (definition === undefined) throw new Error(`No provider "${params['provider']}".`);
    return describe(definition, Number(query.get('version') ?? 12));
  },
  listVersions: () => ({ versions: [...versions] }),
  readVersion: ({ params }) => viewOf(Number(params['version'])),
  compareVersions: () => ({ differences: [...differences] }),
  foreseeActivation: ({ params }) => consequencesOf(Number(params['version'])),
  createDraft: () => ({ version: 13, findings: [] }),
  activateVersion: ({ params }) => ({ version: Number(params['version']), activatedAtMs: PLAYED_NOW_MS, override: null }),
  listTrialCases: () => ({
    cases: [
      { id: 'value/object', title: 'gives an object back', area: 'value', isUsual: true },
      { id: 'network/none', title: 'has no network', area: 'network', isUsual: true },
      { id: 'files/many', title: 'takes many files', area: 'files', isUsual: false },
    ],
  }),
  listPassports: ({ query }) => ({ passports: query.get('provider') === 'docker' ? [passport] : [] }),
  listAudit: () => ({
    entries: ['activate', 'draft', 'sign-in', 'sign-in-refused'].map((action, index) => ({
      sequence: 40 - index,
      atMs: PLAYED_NOW_MS - index * HOUR_MS,
      actor: index % 2 === 0 ? 'Grace' : 'Ada',
      action,
      version: index < 2 ? 12 : null,
      summary: index < 2 ? { reason: 'Keep the data modules at hand', from: 11 } : { address: '127.0.0.1' },
    })),
  }),
};

/** What routes that are followed tell. */
export const playedEvents: PlayedEvents = {
  executeProgram: ({ body }) => playedExecution((body as { readonly code: string }).code),
  compareConfigurations: ({ body }) => playedComparison((body as { readonly programs?: readonly string[] }).programs),
  tryConfiguration: () => [
    { type: 'progress', step: 'create', done: 1, total: 1, message: 'The provider is made' },
    { type: 'progress', step: 'cases', done: 1, total: 2, message: 'value/object' },
    {
      type: 'finding',
      finding: { kind: 'check', id: 'engine', title: 'The engine answers', outcome: 'passed', message: 'Docker 29.1.', durationMs: 12 },
    },
    {
      type: 'finding',
      finding: {
        kind: 'case',
        id: 'network/none',
        title: 'A program has no network',
        outcome: 'failed',
        message: 'A program reached 192.0.2.1.',
        durationMs: 340,
        output: 'connected\n<script>alert(1)</script>',
        remedy: 'Take the network from the containers: see docs/providers/docker.md.',
      },
    },
    { type: 'passport', passport },
  ],
};
