import { formatDuration } from '../format-duration.ts';
import { printableText } from '../printable-text.ts';
import type { ConformanceDocument, ReportedCase, ReportedGroup } from './conformance-report.ts';
import { factsOf, NAME_OF_OUTCOME, SIGN_OF_OUTCOME } from './report-words.ts';
import { countsOf, verdictOf } from './write-report-text.ts';

const STYLE = `
:root { color-scheme: light dark; --failed: #b3261e; --passed: #1b6e3c; --quiet: #6b6b6b; --line: #8884; }
@media (prefers-color-scheme: dark) { :root { --failed: #ff8a80; --passed: #7bd88f; --quiet: #a0a0a0; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: start; padding: .25rem .5rem; border-bottom: 1px solid var(--line); }
td.count, th.count { text-align: end; font-variant-numeric: tabular-nums; }
summary { cursor: pointer; font-weight: 600; padding: .4rem 0; }
article { border-inline-start: 3px solid var(--line); padding: 0 .8rem; margin: .8rem 0; }
article.failed { border-color: var(--failed); }
article p { margin: .3rem 0; }
code, pre { font-family: ui-monospace, monospace; font-size: .9em; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: .3rem 0; }
.failed .sign { color: var(--failed); }
.passed .sign { color: var(--passed); }
.quiet { color: var(--quiet); }
`;

/** The report as one page that needs nothing else: it has no script, and loads nothing. What a provider or a program said stands as text. */
export function htmlReport(document: ConformanceDocument): string {
  const title = `Conformance of ${escapeHtml(document.provider.displayName)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
<p class="${document.status}"><strong><span class="sign">${SIGN_OF_OUTCOME[document.status]}</span> ${escapeHtml(verdictOf(document))}</strong></p>
<dl>${factsOf(document)
    .map(([name, value]) => `<dt class="quiet">${name}</dt><dd>${escapeHtml(value)}</dd>`)
    .join('')}</dl>
<table>
<thead><tr><th>group</th><th class="count">passed</th><th class="count">failed</th><th class="count">not applicable</th><th class="count">time</th></tr></thead>
<tbody>
${document.groups.map(overviewRow).join('\n')}
</tbody>
</table>
${document.groups.map(groupPart).join('\n')}
</body>
</html>
`;
}

function overviewRow({ group, passed, failed, notApplicable, durationMs }: ReportedGroup): string {
  const cells = [passed, failed, notApplicable, formatDuration(durationMs)].map((cell) => `<td class="count">${cell}</td>`);
  return `<tr><td><a href="#${group}">${group}</a></td>${cells.join('')}</tr>`;
}

/** Open where something is to be done. */
function groupPart(group: ReportedGroup): string {
  return `<details id="${group.group}"${group.failed > 0 ? ' open' : ''}><summary>${group.group}: ${countsOf(group)}</summary>
${group.cases.map(casePart).join('\n')}
</details>`;
}

function casePart({ id, requirement, outcome, seen, advice, durationMs }: ReportedCase): string {
  return [
    `<article class="${outcome}"><p><span class="sign">${SIGN_OF_OUTCOME[outcome]}</span> ${escapeHtml(requirement)}</p>`,
    `<p class="quiet"><code>${escapeHtml(id)}</code> · ${NAME_OF_OUTCOME[outcome]} · ${formatDuration(durationMs)}</p>`,
    ...(seen === null ? [] : [`<pre>${escapeHtml(seen)}</pre>`]),
    ...(advice === null ? [] : [`<p><strong>Advice:</strong> ${escapeHtml(advice)}</p>`]),
    '</article>',
  ].join('');
}

function escapeHtml(text: string): string {
  return printableText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}
