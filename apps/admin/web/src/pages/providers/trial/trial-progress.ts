import type { AnswerOf, BodyOf, TrialEvent, TrialFinding } from '@sandport/admin-api';

/** The record of a trial. */
export type Passport = AnswerOf<'listPassports'>['passports'][number];

/** A step of a trial and how far it is. */
export interface TrialStep {
  readonly step: string;
  readonly done: number;
  readonly total: number;
  readonly message: string;
}

/** What is known of a trial while it goes on. */
export interface TrialProgress {
  /** In the order in which they began; the last one goes on. */
  readonly steps: readonly TrialStep[];
  readonly findings: readonly TrialFinding[];
  readonly passport: Passport | undefined;
}

/** Before anything is known. */
export const NO_PROGRESS: TrialProgress = { steps: [], findings: [], passport: undefined };

/** What is known after one more event. */
export function afterEvent(progress: TrialProgress, event: TrialEvent): TrialProgress {
  switch (event.type) {
    case 'progress': {
      const { type: _type, ...step } = event;
      const isKnown = progress.steps.some((each) => each.step === step.step);
      const steps = isKnown ? progress.steps.map((each) => (each.step === step.step ? step : each)) : [...progress.steps, step];
      return { ...progress, steps };
    }
    case 'finding':
      return { ...progress, findings: [...progress.findings, event.finding] };
    case 'passport':
      return { ...progress, passport: event.passport };
    case 'alive':
    case 'error':
      return progress;
  }
}

/** What is to be tried, as it was chosen. */
export type TrialChoice =
  | { readonly kind: 'usual' }
  | { readonly kind: 'all' }
  | { readonly kind: 'areas'; readonly areas: readonly string[] };

type Case = AnswerOf<'listTrialCases'>['cases'][number];

/** The cases of a choice, as the server takes them. */
export function casesOf(choice: TrialChoice, cases: readonly Case[]): Pick<BodyOf<'tryConfiguration'>, 'cases'> {
  switch (choice.kind) {
    case 'usual':
      return {};
    case 'all':
      return { cases: 'all' };
    case 'areas': {
      const chosen = cases.filter((each) => choice.areas.includes(each.area)).map((each) => each.id);
      return chosen.length === 0 ? {} : { cases: chosen };
    }
  }
}

/** How many cases each area has, in the order in which they come. */
export function countAreas(cases: readonly Case[]): readonly (readonly [string, number])[] {
  const counts = new Map<string, number>();
  for (const { area } of cases) counts.set(area, (counts.get(area) ?? 0) + 1);
  return [...counts];
}
