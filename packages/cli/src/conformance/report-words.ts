import type { ConformanceDocument, ReportedCase } from './conformance-report.ts';

export const SIGN_OF_OUTCOME: Readonly<Record<ReportedCase['outcome'], string>> = { passed: '✔', failed: '✘', 'not-applicable': '–' };

export const NAME_OF_OUTCOME: Readonly<Record<ReportedCase['outcome'], string>> = {
  passed: 'passed',
  failed: 'failed',
  'not-applicable': 'not applicable',
};

const NAME_OF_SOURCE: Readonly<Record<ConformanceDocument['configuration'], string>> = {
  file: 'of a file',
  settings: 'as it is stored',
  defaults: "the provider's defaults",
};

/** What was tried, where and when, for the head of a report. */
export function factsOf({ provider, level, only, configuration, startedAt, node }: ConformanceDocument): [name: string, value: string][] {
  return [
    ['Provider', provider.module === null ? provider.id : `${provider.id}, of the module ${provider.module}`],
    ['Level', only.length === 0 ? level : `${level}, of it ${only.join(', ')}`],
    ['Configuration', NAME_OF_SOURCE[configuration]],
    ['Begun', startedAt],
    ['Node', node],
  ];
}
