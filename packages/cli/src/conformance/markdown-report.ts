import { formatDuration } from '../format-duration.ts';
import { printableText } from '../printable-text.ts';
import type { ConformanceDocument, ReportedCase, ReportedGroup } from './conformance-report.ts';
import { factsOf, NAME_OF_OUTCOME, SIGN_OF_OUTCOME } from './report-words.ts';
import { countsOf, verdictOf } from './write-report-text.ts';

/** The report as a page in Markdown. What a provider or a program said stands as text: nothing in it is markup. */
export function markdownReport(document: ConformanceDocument): string {
  const overview = document.groups.map(
    (group) => `| ${group.group} | ${group.passed} | ${group.failed} | ${group.notApplicable} | ${formatDuration(group.durationMs)} |\n`,
  );
  return [
    `# Conformance of ${escapeMarkdown(document.provider.displayName)}\n\n`,
    `**${escapeMarkdown(verdictOf(document))}**\n\n`,
    ...factsOf(document).map(([name, value]) => `- ${name}: ${escapeMarkdown(value)}\n`),
    '\n| group | passed | failed | not applicable | time |\n| --- | --- | --- | --- | --- |\n',
    ...overview,
    ...document.groups.map(groupPart),
  ].join('');
}

function groupPart(group: ReportedGroup): string {
  const cases = group.cases.map((one) => casePart(one)).join('');
  return `\n## ${group.group}\n\n${countsOf(group)}\n\n${cases}`;
}

function casePart({ id, requirement, outcome, seen, advice, durationMs }: ReportedCase): string {
  const head = `- ${SIGN_OF_OUTCOME[outcome]} \`${id}\`: ${escapeMarkdown(requirement)} *${NAME_OF_OUTCOME[outcome]}, ${formatDuration(durationMs)}*\n`;
  const told = seen === null ? '' : `\n${indent(fenced(printableText(seen)))}\n`;
  return `${head}${told}${advice === null ? '' : `\n  ${escapeMarkdown(advice)}\n\n`}`;
}

/** With a fence that the text does not have. */
function fenced(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}text\n${text}\n${fence}\n`;
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

/** A text on one line in which nothing is markup. */
function escapeMarkdown(text: string): string {
  return printableText(text)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[\\`*_{}[\]<>()#+!|~&]/g, String.raw`\$&`);
}
