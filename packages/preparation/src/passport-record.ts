import { performance } from 'node:perf_hooks';
import type { CaseReport } from '@sandport/conformance';
import {
  MEASURABLE_ISOLATIONS,
  NETWORK_POLICIES,
  passportSchema,
  type IsolationKind,
  type Language,
  type MeasuredIsolation,
  type Passport,
  type ProviderCapabilities,
} from '@sandport/core';
import { plainText } from './plain-text.ts';
import type { CheckedOptions } from './preparation-options.ts';
import { rounded } from './rounded-duration.ts';
import type { SecretScrubber } from './secret-scrubber.ts';

type Isolation = NonNullable<Passport['isolation']>;
type ProvenLimit = Passport['limits'][number];

/** What was found so far. Every text that goes in is freed of secrets and bounded. */
export class PassportRecord {
  readonly #options: CheckedOptions;
  readonly #scrubber: SecretScrubber;
  readonly #startedAt = performance.now();
  readonly #problems: string[] = [];
  readonly #isolationProblems = new Set<string>();
  readonly #languages: Language[] = [];
  readonly #limits: ProvenLimit[] = [];
  readonly #cases: Passport['cases'] = [];
  #network: Passport['network'] = [];
  #isolation: Isolation | undefined;
  #latency: Passport['latency'] = null;

  constructor(options: CheckedOptions, scrubber: SecretScrubber) {
    this.#options = options;
    this.#scrubber = scrubber;
  }

  /** Languages in which a program ran. */
  get languages(): readonly Language[] {
    return this.#languages;
  }

  /** The isolation that was measured so far. */
  get isolation(): Isolation | undefined {
    return this.#isolation;
  }

  /** What speaks against the measurements of the isolation; `undefined` when nothing does. */
  get isolationProblem(): string | undefined {
    return this.#isolationProblems.size === 0 ? undefined : [...this.#isolationProblems].join(' ');
  }

  /** Whatever speaks against the configuration; several are told one after the other. */
  addProblem(problem: string): void {
    this.#problems.push(problem);
  }

  addLanguage(language: Language): void {
    this.#languages.push(language);
  }

  addLimit(limit: ProvenLimit): void {
    this.#limits.push(limit);
  }

  addCase({ id, outcome, message, durationMs }: CaseReport): void {
    const text = message === undefined ? undefined : plainText(message, this.#scrubber);
    this.#cases.push({ id, outcome, ...(text === undefined ? {} : { message: text }), durationMs: rounded(durationMs) });
  }

  setCapabilities({ network }: ProviderCapabilities): void {
    this.#network = NETWORK_POLICIES.filter((policy) => network.includes(policy));
  }

  setLatency(latency: Passport['latency']): void {
    this.#latency = latency;
  }

  /** Takes note of an isolation that was measured. Where measurements differ, the weakest counts, and the difference is a problem. */
  addIsolation(measured: MeasuredIsolation | null): void {
    if (measured === null) return;
    const { kind, measuredBy, hardening } = measured;
    const parsed = passportSchema.shape.isolation.safeParse({ kind, measuredBy, ...(hardening === undefined ? {} : { hardening }) });
    if (!parsed.success || parsed.data === null)
      return this.#addIsolationProblem('The provider names an isolation that the contract does not know.');
    const found = { ...parsed.data, measuredBy: plainText(parsed.data.measuredBy, this.#scrubber) };
    const before = this.#isolation;
    if (before === undefined) {
      this.#isolation = found;
    } else if (before.kind !== found.kind) {
      this.#addIsolationProblem(`The isolation was measured as ${before.kind} and as ${found.kind}.`);
      if (strengthOf(found.kind) < strengthOf(before.kind)) this.#isolation = found;
    } else {
      this.#isolation = withCommonHardening(found, before);
    }
  }

  #addIsolationProblem(problem: string): void {
    this.#isolationProblems.add(problem);
    this.addProblem(problem);
  }

  /** The record, dated now. */
  finish(): Passport {
    const { definition, configDigest, now } = this.#options;
    const failed = this.#cases.filter(({ outcome }) => outcome === 'failed').map(({ id }) => id);
    const ofCases = failed.length === 0 ? [] : [`${failed.length} of ${this.#cases.length} cases failed: ${failed.join(', ')}.`];
    const problems = [...new Set([...this.#problems, ...ofCases])];
    return {
      formatVersion: 1,
      providerId: definition.id,
      configDigest,
      madeAtMs: Math.max(0, Math.trunc(now())),
      durationMs: rounded(performance.now() - this.#startedAt),
      passed: problems.length === 0,
      isolation: this.#isolation ?? null,
      languages: this.#languages,
      network: this.#network,
      limits: this.#limits,
      latency: this.#latency,
      cases: this.#cases,
      ...(problems.length === 0 ? {} : { problem: plainText(problems.join(' '), this.#scrubber) }),
    };
  }
}

/** What only a service vouches for counts as the weakest. */
function strengthOf(kind: IsolationKind): number {
  return kind === 'remote' ? -1 : MEASURABLE_ISOLATIONS.indexOf(kind);
}

function withCommonHardening(found: Isolation, before: Isolation): Isolation {
  const { hardening } = before;
  if (found.hardening === undefined || hardening === undefined) return hardening === undefined ? found : before;
  return { ...found, hardening: found.hardening.filter((measure) => hardening.includes(measure)) };
}
