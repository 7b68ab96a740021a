import type { CliContext } from '../cli-context.ts';
import { colorsFor } from '../colors-for.ts';
import { formatDuration } from '../format-duration.ts';
import { printableLine } from '../printable-text.ts';
import { writeTable } from '../write-table.ts';
import type { ConformanceDocument, ReportedCase, ReportedGroup } from './conformance-report.ts';

/** Writes on stdout what a provider keeps of the contract: a line for each group, and each broken promise with what to do. */
export function writeReportText(context: CliContext, document: ConformanceDocument): void {
  const { stdout } = context;
  const colors = colorsFor(stdout, context);
  writeTable(
    stdout,
    document.groups.map((group) => [signOf(group), group.group, countsOf(group), formatDuration(group.durationMs)]),
  );
  const failures = document.groups.flatMap(({ cases }) => cases.filter(({ outcome }) => outcome === 'failed'));
  for (const failure of failures) {
    stdout.write(`\n${colors.red('✘')} ${colors.bold(failure.id)}\n`);
    for (const [name, text] of linesOf(failure)) stdout.write(`    ${colors.dim(name.padEnd(9))} ${printableLine(text, 2000)}\n`);
  }
  const reasons = reasonsOf(document);
  if (reasons.length > 0) stdout.write('\nNot applicable:\n');
  writeTable(
    stdout,
    reasons.map(([reason, count]) => [String(count), reason]),
    '  ',
  );
  stdout.write(`\n${verdictOf(document)}\n`);
}

/** What it came to, in one sentence. */
export function verdictOf(document: ConformanceDocument): string {
  const { status, provider, durationMs } = document;
  const what = status === 'failed' ? 'does not keep the contract' : 'keeps what was tried of the contract';
  return `"${printableLine(provider.id, 64)}" ${what}: ${countsOf(document)}, in ${formatDuration(durationMs)}.`;
}

/** `33 passed, 2 failed` */
export function countsOf({ passed, failed, notApplicable }: Pick<ReportedGroup, 'passed' | 'failed' | 'notApplicable'>): string {
  const counts = [
    [passed, 'passed'],
    [failed, 'failed'],
    [notApplicable, 'not applicable'],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`);
  return told.length === 0 ? 'nothing was tried' : told.join(', ');
}

/** Why cases do not apply, each reason once, with the number of cases. */
function reasonsOf({ groups }: ConformanceDocument): [reason: string, count: number][] {
  const counts = new Map<string, number>();
  for (const { outcome, seen } of groups.flatMap(({ cases }) => cases)) {
    if (outcome !== 'not-applicable') continue;
    const reason = seen ?? 'no reason was given';
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return [...counts].toSorted(([, one], [, other]) => other - one);
}

function signOf({ passed, failed }: ReportedGroup): string {
  if (failed > 0) return '✘';
  return passed > 0 ? '✔' : '–';
}

function linesOf({ requirement, seen, advice }: ReportedCase): [string, string][] {
  return [
    ['required', requirement],
    // Where it was thrown from is in the document and in the report.
    ['seen', (seen ?? 'no reason was given').replaceAll(/\n\s+at .*/g, '')],
    ...(advice === null ? [] : [['advice', advice] satisfies [string, string]]),
  ];
}
